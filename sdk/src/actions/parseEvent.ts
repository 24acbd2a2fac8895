import { type Abi, type AbiEvent, decodeEventLog, type Log } from 'viem'
import { type AbiText, type EventArgs, toAbi } from '../contracts/abiText.ts'

/** Arguments of an event in a log; `undefined` when the log is another one. */
export function parseEvent<item extends AbiEvent>(
  log: Log,
  text: AbiText<item>,
): EventArgs<item> | undefined {
  try {
    const abi = toAbi(text) as Abi
    return decodeEventLog({ abi, topics: log.topics, data: log.data }).args as EventArgs<item>
  } catch {
    return undefined
  }
}
