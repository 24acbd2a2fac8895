import { type AbiEvent, type Address, numberToHex } from 'viem'
import { toAbi } from '../contracts/abiText.ts'
import type { ContractEvents } from './contractEvent.ts'

/**
 * Events about some jobs, sessions or hosts only: whatever its name, what an event is about is its first argument.
 * All of them when no subject is given.
 */
export function ofSubject<events extends ContractEvents>(
  events: events,
  subject: bigint | Address | readonly (bigint | Address)[] | undefined,
): events {
  if (subject === undefined) return events
  const subjects = [subject].flat()
  const narrowed = Object.entries(events).map(([name, { event, ...source }]) => {
    const item: AbiEvent | undefined = 'type' in event ? event : toAbi(event)[0]
    const [first] = item?.inputs ?? []
    // The escrow of a job has the id of the job, in 32 bytes.
    const values = subjects.map((value) =>
      typeof value === 'bigint' && first?.type === 'bytes32'
        ? numberToHex(value, { size: 32 })
        : value,
    )
    return [name, { ...source, event, args: { [first?.name ?? '']: values } }]
  })
  return Object.fromEntries(narrowed) as unknown as events
}
