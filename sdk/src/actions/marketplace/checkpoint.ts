import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData, type Hex } from 'viem'
import { decodeEvent } from '../decodeEvent.ts'
import { defineWrite, toSync } from '../write.ts'
import { matchVoucher, type Voucher } from './voucher.ts'

export type CheckpointParameters = {
  voucher: Voucher
  /** Checked against the voucher, when given. */
  sessionId?: bigint | undefined
  /** Checked against the voucher, when given. */
  cumulativeTokens?: bigint | undefined
}
export type CheckpointEvent = {
  sessionId: bigint
  cumulativeTokens: bigint
  transcriptHash: Hex
}

/**
 * Records a co-signed running count on chain. Anyone may send it.
 * @throws {VoucherMismatchError} When the voucher is for another session or count.
 * @example
 * await checkpoint(app, { sessionId, cumulativeTokens: 1200n, voucher })
 */
export const checkpoint = defineWrite<CheckpointParameters, CheckpointEvent>({
  eventName: 'SessionCheckpointed',
  prepare({ contracts }, { voucher, ...expected }) {
    const { sessionId, cumulativeTokens, transcriptHash, signature } = matchVoucher(
      voucher,
      expected,
    )
    const data = encodeFunctionData({
      abi: jobMarketplaceAbi,
      functionName: 'submitCheckpoint',
      args: [sessionId, cumulativeTokens, transcriptHash, signature],
    })
    return { calls: [{ to: contracts.marketplace, data }] }
  },
  parse(log) {
    const args = decodeEvent(log, jobMarketplaceAbi, 'SessionCheckpointed')
    if (!args) return undefined
    const { jobId, cumulativeTokens, transcriptHash } = args
    return { sessionId: jobId, cumulativeTokens, transcriptHash }
  },
})

/** {@link checkpoint} that waits until it is on chain. */
export const checkpointSync = toSync(checkpoint)
