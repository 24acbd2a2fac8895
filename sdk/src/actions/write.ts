import { type Address, type Hash, isAddressEqual, type Log } from 'viem'
import { EventNotFoundError } from '../errors/contract.ts'
import { explainFailure } from '../errors/explainFailure.ts'
import { confirmOperation } from '../operations/confirmOperation.ts'
import { sendOperation } from '../operations/sendOperation.ts'
import type { WriteClient } from '../types/client.ts'
import { assertBalances } from './assertBalances.ts'
import type { PrepareClient, PreparedCalls } from './preparedCalls.ts'

/** An action that is not sent yet. `batch` sends several of them as one operation. */
export type ActionCall<event> = {
  prepare: (client: PrepareClient) => Promise<PreparedCalls> | PreparedCalls
  /**
   * Takes the action's event out of the logs, so that the next action of a batch finds its own.
   * @param emitters Contracts whose events count; all when it is left out.
   */
  takeEvent: (logs: readonly Log[], emitters?: readonly Address[]) => { event: event; rest: Log[] }
}

/** An action that writes: sent by itself, as a call for `batch`, or read back out of logs. */
export type WriteAction<parameters, event> = {
  /** Sends the action as one User Operation. Resolves with its hash when the bundler has accepted it. */
  (client: WriteClient, parameters: parameters): Promise<Hash>
  /** The action for `batch`, not sent. */
  call(parameters: parameters): ActionCall<event>
  /** The action's event in the logs of its operation. Throws {@link EventNotFoundError} when there is none. */
  extractEvent(logs: readonly Log[]): event
}

/** Waits for the operation and returns its event. */
export type SyncAction<parameters, event> = (
  client: WriteClient,
  parameters: parameters,
) => Promise<event & { userOperationHash: Hash }>

/**
 * Makes the forms of an action out of what is its own: its calls and its event.
 * @param eventName For the error when the logs hold none.
 * @param parse The event in a log; `undefined` when it is another one.
 */
export function defineWrite<parameters, event extends object>({
  eventName,
  prepare,
  parse,
}: {
  eventName: string
  prepare: (client: PrepareClient, parameters: parameters) => Promise<PreparedCalls> | PreparedCalls
  parse: (log: Log) => event | undefined
}): WriteAction<parameters, event> {
  const takeEvent: ActionCall<event>['takeEvent'] = (logs, emitters) => {
    for (const [index, log] of logs.entries()) {
      if (emitters && !emitters.some((emitter) => isAddressEqual(emitter, log.address))) continue
      const event = parse(log)
      if (event) return { event, rest: logs.toSpliced(index, 1) }
    }
    throw new EventNotFoundError({ eventName })
  }
  const call = (parameters: parameters): ActionCall<event> => ({
    prepare: (client) => prepare(client, parameters),
    takeEvent,
  })
  return Object.assign(
    (client: WriteClient, parameters: parameters) => sendCalls(client, [call(parameters)]),
    { call, extractEvent: (logs: readonly Log[]) => takeEvent(logs).event },
  )
}

/** The form of an action that waits for its event. */
export function toSync<parameters, event extends object>(
  action: WriteAction<parameters, event>,
): SyncAction<parameters, event> {
  return async (client, parameters) => {
    const call = action.call(parameters)
    const userOperationHash = await sendCalls(client, [call])
    const logs = await confirmOperation(client, userOperationHash)
    return { ...call.takeEvent(logs, emittersOf(client)).event, userOperationHash }
  }
}

/** Prepares actions, checks that the account can pay them, and sends them as one User Operation. */
export async function sendCalls(
  client: WriteClient,
  actions: readonly ActionCall<unknown>[],
): Promise<Hash> {
  const prepared = await prepareAll(client, actions)
  return sendOperation(
    client,
    prepared.flatMap(({ calls }) => calls),
  )
}

/** Contracts whose events count as an action's own. */
export function emittersOf({ contracts, account }: PrepareClient): readonly Address[] {
  return [contracts.marketplace, contracts.registry, account.address]
}

async function prepareAll(client: WriteClient, actions: readonly ActionCall<unknown>[]) {
  try {
    const prepared = await Promise.all(actions.map((action) => action.prepare(client)))
    await assertBalances(client, prepared)
    return prepared
  } catch (error) {
    throw await explainFailure(error, client)
  }
}
