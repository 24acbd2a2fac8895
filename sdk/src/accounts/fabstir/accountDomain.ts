/** EIP-712 domain in which every Fabstir account checks its grants and what ERC-7739 wraps: with its chain and address. */
export const accountDomain = { name: 'FabstirAccount', version: '1' } as const
