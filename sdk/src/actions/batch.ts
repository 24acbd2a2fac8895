import type { Hash } from 'viem'
import type { WriteClient } from '../types/client.ts'
import { type ActionCall, sendAndHandOver, sendCalls } from './write.ts'

/** Events of the actions of a batch, in their order. */
export type BatchEvents<calls extends readonly ActionCall<unknown>[]> = {
  -readonly [index in keyof calls]: calls[index] extends ActionCall<infer event> ? event : never
}

/**
 * Sends several actions as one User Operation: all happen, or none.
 * @returns The operation's hash, when the bundler has accepted it.
 * @example
 * const hash = await batch(client, [claimJob.call({ jobId: 1n }), claimJob.call({ jobId: 2n })])
 */
export async function batch(
  client: WriteClient,
  calls: readonly ActionCall<unknown>[],
): Promise<Hash> {
  return sendAndHandOver(client, calls)
}

/**
 * {@link batch} that waits and returns the event of every action.
 * @throws {UserOperationRevertedError} When one of the actions reverted, so that none happened.
 * @example
 * const [first, second] = await batchSync(client, [claimJob.call({ jobId: 1n }), claimJob.call({ jobId: 2n })])
 */
export async function batchSync<const calls extends readonly ActionCall<unknown>[]>(
  client: WriteClient,
  calls: calls,
): Promise<BatchEvents<calls>> {
  let { logs } = await client.sender.confirm(await sendCalls(client, calls))
  const events = calls.map((call) => {
    const taken = call.takeEvent(logs, client)
    logs = taken.rest
    return taken.event
  })
  return events as BatchEvents<calls>
}
