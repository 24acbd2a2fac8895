import { entitiesOf } from '@fabstir/erc4337'
import type { StateOverride } from '../../bundler/src/chain/reader.ts'
import { mergeStateOverrides } from '../../bundler/src/simulation/stateOverride.ts'
import {
  erc7562Violations,
  tracedEntities,
} from '../../bundler/src/validation/erc7562/checkRules.ts'
import type { EntityKind, Scene } from '../../bundler/src/validation/erc7562/scene.ts'
import { lower } from '../../bundler/src/validation/erc7562/scene.ts'
import type { TraceSource } from '../../bundler/src/validation/trace/trace.ts'
import { traceValidation } from '../../bundler/src/validation/traceValidation.ts'
import { entryPoint, type Scenario, stage } from './ruleWorld.ts'

/** Tells which rules a traced scenario breaks with some entities staked, as `entity: rule`, each once and sorted. */
export type Verdict = (staked: readonly EntityKind[]) => string[]

/**
 * Traces a scenario once. Who is staked makes no difference to the trace.
 * @param base State that the chain of the source may not have.
 */
export async function judge(
  source: TraceSource,
  scenario: Scenario,
  base: StateOverride,
): Promise<Verdict> {
  const { op, stateOverride } = stage(scenario)
  const { trace } = await traceValidation(op, entryPoint, source, {
    stateOverride: mergeStateOverrides(base, stateOverride),
  })
  const scene = {
    entryPoint: lower(entryPoint.address),
    entities: Object.fromEntries(
      Object.entries(entitiesOf(op)).map(([kind, address]) => [kind, lower(address)]),
    ) as Scene['entities'],
    delegated: new Set<never>(),
  }
  if (!tracedEntities(trace.frames, scene).has(scenario.entity)) {
    throw new Error(`the ${scenario.entity} did not run`)
  }
  return (staked) => {
    const violations = erc7562Violations(trace, { ...scene, staked: new Set(staked) })
    return [...new Set(violations.map(({ entity, rule }) => `${entity}: ${rule}`))].toSorted()
  }
}
