import type { EntityFrame, EntityKind } from '../erc7562/scene.ts'

/**
 * Gas that the code of each entity used in a validation. What the EntryPoint does around it and for it (a
 * first deposit costs 17,100 gas more than a later one) is not the entity's.
 * @returns `undefined` when the trace does not tell gas.
 */
export function entityGas(
  frames: readonly EntityFrame[],
): Partial<Record<EntityKind, bigint>> | undefined {
  const used: Partial<Record<EntityKind, bigint>> = {}
  for (const { frame, entity, children } of frames) {
    let own = frame.gasUsed
    for (const { gasUsed } of children) {
      own = own === undefined || gasUsed === undefined ? undefined : own - gasUsed
    }
    if (own === undefined) return undefined
    used[entity] = (used[entity] ?? 0n) + own
  }
  return used
}
