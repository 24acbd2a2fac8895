import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { Hex, TypedDataDefinition } from 'viem'
import { marketplaceDomain } from './marketplaceDomain.ts'

/** The host's word that a session ended at this count. The renter settles with it at once. */
export type FinalVoucher = {
  sessionId: bigint
  /** Inference tokens of the whole session; never lowers what is proven on chain. */
  cumulativeTokens: bigint
  /** 65 bytes r, s, v of the host's key, or r, s, x, y of a P-256 key. */
  signature: Hex
}

const types = {
  Final: [
    { name: 'jobId', type: 'uint256' },
    { name: 'cumulativeTokens', type: 'uint256' },
  ],
} as const

/** EIP-712 message of a final voucher, as the marketplace recovers it. */
export function finalTypedData(
  contracts: Pick<AddressBook, 'chainId' | 'marketplace'>,
  { sessionId, cumulativeTokens }: { sessionId: bigint; cumulativeTokens: bigint },
): TypedDataDefinition<typeof types, 'Final'> {
  return {
    domain: marketplaceDomain(contracts),
    types,
    primaryType: 'Final',
    message: { jobId: sessionId, cumulativeTokens },
  }
}
