import { tooManyWait } from './turns.ts'

type Sized = { size: number }

export type GatheringOptions<item extends Sized> = {
  /** Groups at one time: with more under way, items gather until one of them is through. */
  underWay: number
  /** Items in a group. */
  items: number
  /** Sum of their sizes in a group, unless it is a single item. */
  size: number
  /** Items that wait at most. */
  waiting: number
  /** Sends a group on its way; the group is through when this settles. */
  send: (group: readonly item[]) => Promise<unknown>
}

/**
 * Sends the items of one turn of the event loop on their way as a group.
 * @returns A function that takes an item. It throws RpcError -32000 `busy` when too many wait.
 */
export function createGathering<item extends Sized>(
  options: GatheringOptions<item>,
): (item: item) => void {
  const waiting: item[] = []
  let underWay = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || underWay >= options.underWay || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      underWay += 1
      options.send(waiting.splice(0, fitting(waiting, options))).then(leave, leave)
      schedule()
    })
  }

  function leave(): void {
    underWay -= 1
    schedule()
  }

  return (item) => {
    if (waiting.length >= options.waiting) throw tooManyWait(options.waiting)
    waiting.push(item)
    schedule()
  }
}

/** How many of the first ones fit into a group. */
function fitting(waiting: readonly Sized[], group: { items: number; size: number }): number {
  let sum = 0
  const end = waiting.findIndex(({ size }, index) => {
    sum += size
    return index > 0 && (index === group.items || sum > group.size)
  })
  return end === -1 ? waiting.length : end
}
