import type { Declaration } from '../../../sdk/scripts/reference/declarations.ts'

/** What examples take for granted: values by the names that they have everywhere. */
const givenNames = `
declare const client: FabstirClient
declare const chainClient: PublicClient
declare const [account, app]: [FabstirAccount, FabstirClient]
declare const [transport, paymaster]: [Transport, Transport]
declare const [BUNDLER, SPONSOR, text]: [string, string, string]
declare const chain: Chain
declare const [provider, smartAccount]: [FabstirEip1193Provider & EIP1193Provider, SmartAccount]
declare const owner: LocalAccount
declare const [appKey, hostKey, newKey]: [LocalAccount, LocalAccount, LocalAccount]
declare const credential: P256Credential
declare const publicKey: Hex
declare const [host, renter, node, operator]: [Address, Address, Address, Address]
declare const [controller, subscriber, meter]: [Address, Address, Address]
declare const [jobId, sessionId, planId, proposalId, challengeId]: [bigint, bigint, bigint, bigint, bigint]
declare const [modelId, salt, modelCommitment]: [Hex, Hex, Hex]
declare const voteStart: bigint
declare const [vouchers, vote, quote]: [Voucher[], SignedVote, HostQuote]
declare const voucher: Voucher
declare const final: FinalVoucher
declare const grant: SessionGrant
declare const proof: EzklProof & SessionProof
declare const permission: PermissionResponse
`

/**
 * Every example of the comments as a function of its own, to be checked and not run.
 * @param entries Exports by what they are imported from.
 */
export function exampleProgram(entries: Readonly<Record<string, readonly Declaration[]>>): string {
  const imports = Object.entries(entries).map(([from, exports]) => {
    const names = exports.map(({ name, kind }) => (kind === 'type' ? `type ${name}` : name))
    return `import { ${[...new Set(names)].join(', ')} } from '${from}'`
  })
  const examples = Object.values(entries)
    .flat()
    .flatMap(({ name, comment }) =>
      comment.examples.map((example, index) => {
        // What makes accounts takes a client of the chain.
        const own = /\{ client\b.*(key|owner)/.test(example) ? 'const client = chainClient\n' : ''
        return `export const ${name}Example${index} = async () => {\n${own}${example}}\n`
      }),
    )
  return [
    ...imports,
    `import { jobMarketplaceAbi } from '@fabstir/contracts/abi'`,
    `import { type Address, type Chain, createClient, createPublicClient, type EIP1193Provider, hashTypedData, type Hex, http, type LocalAccount, type PublicClient, type Transport } from 'viem'`,
    `import { type P256Credential, type SmartAccount, toWebAuthnAccount } from 'viem/account-abstraction'`,
    `import { privateKeyToAccount } from 'viem/accounts'`,
    givenNames,
    ...examples,
  ].join('\n')
}
