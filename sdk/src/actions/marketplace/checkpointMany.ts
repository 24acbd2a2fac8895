import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { encodeCall } from '../encodeCall.ts'
import { defineWriteMany, toSync } from '../write.ts'
import { type CheckpointEvent, parseCheckpoint } from './checkpointed.ts'
import type { Voucher } from './voucher.ts'

export type CheckpointManyParameters = { vouchers: readonly Voucher[] }
export type CheckpointManyEvent = { checkpoints: CheckpointEvent[] }

/**
 * Records co-signed running counts of several sessions in one operation: all of them, or none. Anyone may send it.
 * @example
 * const { checkpoints } = await checkpointManySync(client, { vouchers })
 */
export const checkpointMany = defineWriteMany<
  CheckpointManyParameters,
  CheckpointEvent,
  CheckpointManyEvent
>({
  contract: 'marketplace',
  eventName: 'SessionCheckpointed',
  // A call for each: entries of `submitBatchProofs` are relative to a count that may grow before they are included.
  prepare: ({ contracts }, { vouchers }) => ({
    calls: vouchers.map(({ sessionId, cumulativeTokens, transcriptHash, signature }) =>
      encodeCall(contracts.marketplace, marketplace.submitCheckpoint, [
        sessionId,
        cumulativeTokens,
        transcriptHash,
        signature,
      ]),
    ),
  }),
  parse: parseCheckpoint,
  belongs: ({ sessionId, cumulativeTokens }, { vouchers }) =>
    vouchers.some(
      (voucher) => voucher.sessionId === sessionId && voucher.cumulativeTokens === cumulativeTokens,
    ),
  gather: (checkpoints) => ({ checkpoints }),
})

/** {@link checkpointMany} that waits until it is on chain. */
export const checkpointManySync = toSync(checkpointMany)
