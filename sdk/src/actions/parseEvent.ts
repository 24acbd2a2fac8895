import { type AbiEvent, concatHex, decodeAbiParameters, type Log, toEventSelector } from 'viem'
import { type AbiText, type EventArgs, toAbi } from '../contracts/abiText.ts'

/**
 * Arguments of an event in a log; `undefined` when the log is another one. For this package's own events, whose indexed
 * arguments are values: viem's decoder for any event would be a hundredth of the client in a browser.
 */
export function parseEvent<item extends AbiEvent>(
  { topics: [selector, ...topics], data }: Pick<Log, 'topics' | 'data'>,
  text: AbiText<item>,
): EventArgs<item> | undefined {
  const [event] = toAbi(text)
  const indexed = event?.inputs.filter(({ indexed }) => indexed) ?? []
  const others = event?.inputs.filter(({ indexed }) => !indexed) ?? []
  if (!event || selector !== toEventSelector(event) || topics.length !== indexed.length)
    return undefined
  try {
    const values = [
      ...decodeAbiParameters(indexed, concatHex(topics)),
      ...decodeAbiParameters(others, data),
    ]
    const named = [...indexed, ...others].map(({ name }, index) => [name, values[index]])
    return Object.fromEntries(named) as EventArgs<item>
  } catch {
    return undefined
  }
}
