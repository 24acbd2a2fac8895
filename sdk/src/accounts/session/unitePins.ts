import type { Hex } from 'viem'
import type { ArgumentPin } from './sessionPolicy.ts'

/** Values that arguments of a function may have, by their index. An argument that is not there may be anything. */
export type PinnedArguments = ReadonlyMap<number, ReadonlySet<Hex>>

/** Pins of one scope; several of one argument are one set, as the account has it. */
export function toPinnedArguments(
  pins: readonly Pick<ArgumentPin, 'index' | 'allowed'>[],
): PinnedArguments {
  const sets = new Map<number, Set<Hex>>()
  for (const { index, allowed } of pins)
    sets.set(index, new Set([...(sets.get(index) ?? []), ...allowed.map(lowerCase)]))
  return sets
}

/**
 * Pins of a function that two scopes name. The account holds each argument against its own set, so that {A to B} and
 * {C to D} would also allow A to D: sets are united where the scopes differ in one argument only. With pins and
 * without, the pins hold.
 * @returns `undefined` when there are no pins that allow what both allow, and nothing else.
 */
export function unitePins(
  first: PinnedArguments,
  second: PinnedArguments,
): PinnedArguments | undefined {
  if (first.size === 0) return second
  if (second.size === 0) return first
  const united = new Map(first)
  let differing = 0
  for (const index of new Set([...first.keys(), ...second.keys()])) {
    const [one, other] = [first.get(index), second.get(index)]
    const both = new Set([...(one ?? []), ...(other ?? [])])
    united.set(index, both)
    if (one?.size !== both.size || other?.size !== both.size) differing += 1
  }
  return differing > 1 ? undefined : united
}

const lowerCase = (word: Hex) => word.toLowerCase() as Hex
