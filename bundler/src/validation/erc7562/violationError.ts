import { RpcError, rpcErrorCode } from '../../types/rpcError.ts'
import type { StakePolicy } from '../../types/stakePolicy.ts'
import type { Scene, Violation } from './scene.ts'
import type { EntityStakes } from './stakes.ts'

/** Violations that an answer lists at most. */
const MAX_LISTED = 20

/**
 * The answer for an operation that breaks rules (ERC-7769): -32505 when the entity has a stake that is
 * too low or too short, else -32502. It speaks of the first violation and lists the others in `data`.
 */
export function violationError(
  violations: readonly [Violation, ...Violation[]],
  scene: Pick<Scene, 'entities'>,
  stakes: EntityStakes,
  policy: StakePolicy,
): RpcError {
  const [first] = violations
  const stake = first.stakeOf === undefined ? undefined : stakes[first.stakeOf]
  const needed = first.stakeOf && {
    stakeOf: first.stakeOf,
    minimumStake: policy.minStake.toString(),
    minimumUnstakeDelay: policy.minUnstakeDelay.toString(),
    stake: (stake?.stake ?? 0n).toString(),
    unstakeDelaySec: (stake?.unstakeDelaySec ?? 0n).toString(),
  }
  const data = {
    ...describe(first, scene),
    ...(first.entity === 'paymaster' && { paymaster: scene.entities.paymaster }),
    ...needed,
    ...(violations.length > 1 && {
      violations: violations.slice(0, MAX_LISTED).map((violation) => describe(violation, scene)),
    }),
  }
  const isTooLow = stake !== undefined && stake.stake > 0n
  const code = isTooLow ? rpcErrorCode.stakeTooLow : rpcErrorCode.opcodeViolation
  return new RpcError(code, sentence(first, needed), data)
}

function sentence(
  { entity, deed, rule }: Violation,
  needed: { stakeOf: string; minimumStake: string; minimumUnstakeDelay: string } | undefined,
): string {
  const hint = needed
    ? `; a stake of the ${needed.stakeOf} of ${needed.minimumStake} wei for ${needed.minimumUnstakeDelay} s would allow it`
    : ''
  return `${entity} ${deed} [${rule}]${hint}`
}

function describe(
  { rule, entity, address, deed, values }: Violation,
  scene: Pick<Scene, 'entities'>,
) {
  return {
    rule,
    entity,
    address: scene.entities[entity] ?? address,
    contract: address,
    detail: `${entity} ${deed}`,
    ...values,
  }
}
