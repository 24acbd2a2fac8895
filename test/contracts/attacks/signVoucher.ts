import { zeroHash } from 'viem'
import type { Arena } from './arena.ts'

/** The renter's voucher over a running count: EIP-712 `Checkpoint` of the marketplace, with no transcript. */
export const signVoucher = (arena: Arena, jobId: bigint, cumulativeTokens: bigint) =>
  arena.wallets.renter.signTypedData({
    domain: {
      name: 'FabstirJobMarketplace',
      version: '1',
      chainId: arena.book.chainId,
      verifyingContract: arena.book.marketplace,
    },
    types: {
      Checkpoint: [
        { name: 'jobId', type: 'uint256' },
        { name: 'cumulativeTokens', type: 'uint256' },
        { name: 'transcriptHash', type: 'bytes32' },
      ],
    },
    primaryType: 'Checkpoint',
    message: { jobId, cumulativeTokens, transcriptHash: zeroHash },
  })
