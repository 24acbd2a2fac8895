import { type Address, type Hash, isAddressEqual, type Log } from 'viem'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import type { ContractName } from '../contracts/contractName.ts'
import { EventNotFoundError } from '../errors/contract.ts'
import { withTypedErrors } from '../errors/explainFailure.ts'
import type { WriteClient } from '../types/client.ts'
import { assertBalances } from './assertBalances.ts'
import type { PrepareClient, PreparedCalls } from './preparedCalls.ts'

/** An action that is not sent yet. `batch` sends several of them as one operation. */
export type ActionCall<event> = {
  prepare: (client: PrepareClient) => Promise<PreparedCalls> | PreparedCalls
  /**
   * Takes the action's event out of the logs, so that the next action of a batch finds its own.
   * @param client Its contracts say whose events count; all when it is left out.
   */
  takeEvent: (logs: readonly Log[], client?: EmitterClient) => { event: event; rest: Log[] }
}

/** Where contracts and account stand, to know whose events count. */
export type EmitterClient = Pick<PrepareClient, 'contracts'> & { account: { address: Address } }

/** Parameters of an action; they may be left out when it needs none. */
export type ParametersOf<parameters> =
  Record<never, never> extends parameters ? [parameters?: parameters] : [parameters: parameters]

/** An action that writes: sent by itself, as a call for `batch`, or read back out of logs. */
export type WriteAction<parameters, event> = {
  /** Sends the action as one User Operation. Resolves with its hash when the bundler has accepted it. */
  (client: WriteClient, ...parameters: ParametersOf<parameters>): Promise<Hash>
  /** The action for `batch`, not sent. */
  call(...parameters: ParametersOf<parameters>): ActionCall<event>
  /** The action's event in the logs of its operation. Throws {@link EventNotFoundError} when there is none. */
  extractEvent(logs: readonly Log[]): event
  /** The form that waits, where that takes more than to wait for its operation. */
  sync?: SyncAction<parameters, event>
}

/** Waits for the operation and returns its event. */
export type SyncAction<parameters, event> = (
  client: WriteClient,
  ...parameters: ParametersOf<parameters>
) => Promise<event & { userOperationHash: Hash }>

type Write<parameters, parsed> = {
  /** Contract that emits the event; the account itself by default. */
  contract?: ContractName | undefined
  /** For the error when the logs hold none. */
  eventName: string
  prepare: (client: PrepareClient, parameters: parameters) => Promise<PreparedCalls> | PreparedCalls
  /** The event in a log; `undefined` when it is another one. */
  parse: (log: Log) => parsed | undefined
  /**
   * Whether an event is of these parameters and not of another action in the batch. By default their ids must not
   * differ.
   */
  belongs?: (event: parsed, parameters: parameters) => boolean
}

/** Makes the forms of an action out of what is its own: its calls and its event. */
export function defineWrite<parameters extends object, event extends object>(
  write: Write<parameters, event>,
): WriteAction<parameters, event> {
  return toAction(write, (logs, own) => {
    const index = logs.findIndex((log) => own(log) !== undefined)
    const log = logs[index]
    const event = log && own(log)
    if (!event) throw new EventNotFoundError({ eventName: write.eventName })
    return { event, rest: logs.toSpliced(index, 1) }
  })
}

/**
 * {@link defineWrite} of an action that emits its event several times.
 * @param gather The action's event, out of all of them; none when there was nothing to do.
 */
export function defineWriteMany<parameters extends object, item extends object, event>({
  gather,
  ...write
}: Write<parameters, item> & {
  gather: (items: item[]) => event
}): WriteAction<parameters, event> {
  return toAction(write, (logs, own) => ({
    event: gather(logs.map(own).filter((item) => item !== undefined)),
    rest: logs.filter((log) => own(log) === undefined),
  }))
}

function toAction<parameters extends object, parsed extends object, event>(
  { contract, prepare, parse, belongs = hasSameIds }: Write<parameters, parsed>,
  take: (
    logs: readonly Log[],
    own: (log: Log) => parsed | undefined,
  ) => ReturnType<ActionCall<event>['takeEvent']>,
): WriteAction<parameters, event> {
  const takeEvent = (logs: readonly Log[], parameters?: parameters, client?: EmitterClient) => {
    const emitter = client && (contract ? client.contracts[contract] : client.account.address)
    return take(logs, (log) => {
      if (emitter && !isAddressEqual(emitter, log.address)) return undefined
      const event = parse(log)
      return event && (!parameters || belongs(event, parameters)) ? event : undefined
    })
  }
  const call = (...[parameters = {} as parameters]: ParametersOf<parameters>) => ({
    prepare: (client: PrepareClient) => prepare(client, parameters),
    takeEvent: (logs: readonly Log[], client?: EmitterClient) =>
      takeEvent(logs, parameters, client),
  })
  return Object.assign(
    (client: WriteClient, ...parameters: ParametersOf<parameters>) =>
      sendAndHandOver(client, [call(...parameters)]),
    { call, extractEvent: (logs: readonly Log[]) => takeEvent(logs).event },
  )
}

const ids = ['jobId', 'sessionId', 'planId', 'challengeId', 'positionId', 'proposalId']

function hasSameIds(event: object, parameters: object): boolean {
  const [found, asked] = [event, parameters] as Readonly<Record<string, unknown>>[]
  return ids.every((id) => {
    const [value, expected] = [found?.[id], asked?.[id]]
    return value === undefined || expected === undefined || value === expected
  })
}

/** The form of an action that waits for its event. */
export function toSync<parameters, event extends object>(
  action: WriteAction<parameters, event>,
): SyncAction<parameters, event> {
  return (
    action.sync ??
    (async (client, ...parameters) => {
      const call = action.call(...parameters)
      const { logs, ...sent } = await client.sender.confirm(await sendCalls(client, [call]))
      return { ...call.takeEvent(logs, client).event, ...sent }
    })
  )
}

/** Sends actions for a caller who looks after their operation by its hash. */
export async function sendAndHandOver(
  client: WriteClient,
  actions: readonly ActionCall<unknown>[],
): Promise<Hash> {
  const hash = await sendCalls(client, actions)
  await client.sender.handOver(hash)
  return hash
}

/** Prepares actions, checks that the account can pay them, and sends them as one User Operation. */
export async function sendCalls(
  client: WriteClient,
  actions: readonly ActionCall<unknown>[],
): Promise<Hash> {
  const { sender } = client
  // What was lost may be included by now, and have spent what these calls would spend.
  const prepared = await prepareActions(client, actions, (calls) => sender.has(calls))
  return sender.send(
    callsOf(prepared),
    prepared.reduce((sum, { spareGas = 0n }) => sum + spareGas, 0n),
  )
}

/**
 * Calls of actions, when the account can pay them.
 * @param isPaid Whether an operation with these calls was sent already.
 */
export async function prepareActions(
  client: WriteClient,
  actions: readonly ActionCall<unknown>[],
  isPaid: (calls: readonly AccountCall[]) => Promise<boolean> = async () => false,
): Promise<PreparedCalls[]> {
  return withTypedErrors(client, async () => {
    const prepared = await Promise.all(actions.map((action) => action.prepare(client)))
    if (!(await isPaid(callsOf(prepared)))) await assertBalances(client, prepared)
    return prepared
  })
}

const callsOf = (prepared: readonly PreparedCalls[]) => prepared.flatMap(({ calls }) => calls)
