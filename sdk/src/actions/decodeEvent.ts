import { type Abi, type ContractEventName, decodeEventLog, type GetEventArgs, type Log } from 'viem'

/** Arguments of one event. */
export type EventArgs<abi extends Abi, name extends ContractEventName<abi>> = Extract<
  GetEventArgs<abi, name, { EnableUnion: false; IndexedOnly: false; Required: true }>,
  object
>

/** Arguments of the event `name` of `abi`; `undefined` when the log is another one. */
export function decodeEvent<const abi extends Abi, const name extends ContractEventName<abi>>(
  log: Log,
  abi: abi,
  name: name,
): EventArgs<abi, name> | undefined {
  try {
    const { eventName, args } = decodeEventLog({
      abi: abi as Abi,
      topics: log.topics,
      data: log.data,
    })
    return eventName === name ? (args as unknown as EventArgs<abi, name>) : undefined
  } catch {
    return undefined
  }
}
