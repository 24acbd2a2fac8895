import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { entitiesOf } from '@fabstir/erc4337'
import { type Address, size } from 'viem'
import { createHttpChainReader } from '../../bundler/src/chain/httpChainReader.ts'
import {
  erc7562Violations,
  tracedEntities,
} from '../../bundler/src/validation/erc7562/checkRules.ts'
import type { EntityKind, Scene, Violation } from '../../bundler/src/validation/erc7562/scene.ts'
import { lower } from '../../bundler/src/validation/erc7562/scene.ts'
import { createJsTraceSource } from '../../bundler/src/validation/trace/js/jsTraceSource.ts'
import { traceValidation as trace } from '../../bundler/src/validation/traceValidation.ts'

export type TracedChain = {
  rpcUrl: string
  /** Sends the bundle. */
  bundler: Address
}

export type TracedValidation = {
  violations: Violation[]
  /** Entities whose validation ran. */
  entities: Set<EntityKind>
  /** `handleOps` of the operation alone passes. */
  accepted: boolean
}

/** Checks the validation of `op` by the bundler's rules, with `staked` entities taken as staked. */
export async function traceValidation(
  { rpcUrl, bundler }: TracedChain,
  entryPoint: EntryPointAdapter,
  op: UserOperation,
  staked: readonly EntityKind[] = [],
): Promise<TracedValidation> {
  const reader = createHttpChainReader({ url: rpcUrl, timeoutMs: 10_000 })
  const traced = await trace(op, entryPoint, createJsTraceSource(reader))
  const scene: Scene = {
    entryPoint: lower(entryPoint.address),
    entities: Object.fromEntries(
      Object.entries(entitiesOf(op)).map(([kind, address]) => [kind, lower(address)]),
    ) as Scene['entities'],
    staked: new Set(staked),
    delegated: new Set(),
  }
  const contextSize = traced.simulated.ok ? size(traced.simulated.result.paymasterContext) : 0
  const bundle = await reader.call({
    from: bundler,
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps([op], bundler),
  })
  return {
    violations: erc7562Violations(traced.trace, scene, contextSize),
    entities: tracedEntities(traced.trace.frames, scene),
    accepted: traced.simulated.ok && bundle.ok,
  }
}
