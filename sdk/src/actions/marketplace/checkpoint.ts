import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { type CheckpointEvent, parseCheckpoint } from './checkpointed.ts'
import { matchVoucher, type Voucher } from './voucher.ts'

export type CheckpointParameters = {
  voucher: Voucher
  /** Checked against the voucher, when given. */
  sessionId?: bigint | undefined
  /** Checked against the voucher, when given. */
  cumulativeTokens?: bigint | undefined
}

/**
 * Records a co-signed running count on chain. Anyone may send it.
 * @throws {VoucherMismatchError} When the voucher is for another session or count.
 * @example
 * await checkpoint(app, { sessionId, cumulativeTokens: 1200n, voucher })
 */
export const checkpoint = defineWrite<CheckpointParameters, CheckpointEvent>({
  contract: 'marketplace',
  eventName: 'SessionCheckpointed',
  prepare({ contracts }, { voucher, ...expected }) {
    const { sessionId, cumulativeTokens, transcriptHash, signature } = matchVoucher(
      voucher,
      expected,
    )
    return oneCall(contracts.marketplace, marketplace.submitCheckpoint, [
      sessionId,
      cumulativeTokens,
      transcriptHash,
      signature,
    ])
  },
  parse: parseCheckpoint,
  belongs: ({ sessionId, cumulativeTokens }, { voucher }) =>
    sessionId === voucher.sessionId && cumulativeTokens === voucher.cumulativeTokens,
})

/** {@link checkpoint} that waits until it is on chain. */
export const checkpointSync = toSync(checkpoint)
