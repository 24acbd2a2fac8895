import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type Hex, type TypedDataDefinition, zeroHash } from 'viem'
import { VoucherMismatchError } from '../../errors/voucher.ts'
import { marketplaceDomain } from './marketplaceDomain.ts'

/** The co-signer's word that a session has used so many inference tokens. The highest one settles the session. */
export type Voucher = {
  sessionId: bigint
  /** Inference tokens since the session began. */
  cumulativeTokens: bigint
  /** Hash of the transcript so far; zero when none is kept. */
  transcriptHash: Hex
  /** 65 bytes r, s, v of the session's co-signer, or 128 bytes r, s, x, y of one on P-256. */
  signature: Hex
}

const types = {
  Checkpoint: [
    { name: 'jobId', type: 'uint256' },
    { name: 'cumulativeTokens', type: 'uint256' },
    { name: 'transcriptHash', type: 'bytes32' },
  ],
} as const

/** EIP-712 message of a voucher, as the marketplace recovers it. */
export function voucherTypedData(
  contracts: Pick<AddressBook, 'chainId' | 'marketplace'>,
  {
    sessionId,
    cumulativeTokens,
    transcriptHash = zeroHash,
  }: { sessionId: bigint; cumulativeTokens: bigint; transcriptHash?: Hex | undefined },
): TypedDataDefinition<typeof types, 'Checkpoint'> {
  return {
    domain: marketplaceDomain(contracts),
    types,
    primaryType: 'Checkpoint',
    message: { jobId: sessionId, cumulativeTokens, transcriptHash },
  }
}

/**
 * The voucher, when it says what the caller expects of it.
 * @throws {VoucherMismatchError} When it is for another session or another count.
 */
export function matchVoucher(
  voucher: Voucher,
  expected: { sessionId?: bigint | undefined; cumulativeTokens?: bigint | undefined },
): Voucher {
  for (const field of ['sessionId', 'cumulativeTokens'] as const) {
    const value = expected[field]
    if (value !== undefined && value !== voucher[field])
      throw new VoucherMismatchError({ field, expected: value, value: voucher[field] })
  }
  return voucher
}
