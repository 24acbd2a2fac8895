import type { Entity } from '@fabstir/erc4337'
import { accusedEntity } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { FailurePhase } from '../types/operationUpdate.ts'
import type { ValidationChange } from '../types/validationRecord.ts'
import type { ReputationEffect } from './reputation.ts'

/** An entity of an operation, and whether it was staked when the operation was admitted. */
export type OperationEntity = { role: Entity; address: Address; staked: boolean }

/** A change of one entity's reputation. */
export type ReputationUpdate = { address: Address; effect: ReputationEffect }

/** The nonce was used meanwhile: somebody was faster, which is nobody's fault. */
const RACES = new Set(['AA10', 'AA25'])

/** Rules of this bundler that accuse the account, which alone signs the authorization. */
const ACCOUNT_RULES = new Set(['eip7702Nonce'])

/** Rules by which an operation leaves the pool without any of its entities being at fault. */
const NOBODYS_FAULT = new Set(['replaced', 'evicted', 'droppedBySender', ...RACES])

/**
 * Entities whose reputation counts: staked ones, and paymasters. An unstaked factory or account can
 * invalidate no operation but its own.
 */
export function ratedEntities(entities: readonly OperationEntity[]): OperationEntity[] {
  return entities.filter(({ role, staked }) => staked || role === 'paymaster')
}

/** The same effect on every entity that is rated. */
export function effectOnAll(
  entities: readonly OperationEntity[],
  effect: ReputationEffect,
): ReputationUpdate[] {
  return addressesOf(ratedEntities(entities)).map((address) => ({ address, effect }))
}

/**
 * What a failure means for the entities of the operation: one is blamed, and the others are as if the
 * operation had not been seen.
 *
 * - [EREP-015] a paymaster is not blamed for factory or account, [EREP-016] an aggregator for none of
 *   the others.
 * - [EREP-020] a staked factory is accountable for the account that it made.
 * - [EREP-030] a staked account is accountable for paymaster and aggregator.
 * - [GREP-040] who fails only in the bundle is banned.
 *
 * @param rule `AA..` code of the EntryPoint, or a rule of this bundler.
 * @param accused Entity that a rule other than an `AA..` code accuses.
 */
export function blame(
  entities: readonly OperationEntity[],
  failure: { rule: string; phase?: FailurePhase | undefined; accused?: Entity | undefined },
): ReputationUpdate[] {
  if (NOBODYS_FAULT.has(failure.rule)) return effectOnAll(entities, 'unseen')
  const ofRule = ACCOUNT_RULES.has(failure.rule) ? 'account' : accusedEntity(failure.rule)
  const accused = failure.accused ?? ofRule
  const culprit = accused && accountableFor(accused, entities)
  // Without a culprit it stays seen and not included, as everything that runs out of time.
  if (!culprit) return []
  const rated = ratedEntities(entities)
  const updates: ReputationUpdate[] = addressesOf(rated)
    .filter((address) => address !== culprit.address)
    .map((address) => ({ address, effect: 'unseen' }))
  const isRated = rated.some(({ address }) => address === culprit.address)
  if (isRated && failure.phase === 'bundleCreation') {
    updates.push({ address: culprit.address, effect: 'ban' })
  }
  return updates
}

/** The others of an operation that an outcast took out of the pool are as if it had not been seen. */
export function effectOfOutcast(
  entities: readonly OperationEntity[],
  outcast: Address,
): ReputationUpdate[] {
  return effectOnAll(entities, 'unseen').filter(({ address }) => address !== outcast)
}

/** [EREP-020] [EREP-030] */
function accountableFor(
  accused: Entity,
  entities: readonly OperationEntity[],
): OperationEntity | undefined {
  const of = (role: Entity) => entities.find((entity) => entity.role === role)
  const factory = of('factory')
  const account = of('account')
  if (accused === 'account' && factory?.staked) return factory
  if ((accused === 'paymaster' || accused === 'aggregator') && account?.staked) return account
  return of(accused)
}

/** An address in two roles is one entity. */
function addressesOf(entities: readonly OperationEntity[]): Address[] {
  return [...new Set(entities.map(({ address }) => address))]
}

/** Percent of the gas of its first validation that a staked entity may use less [EREP-070]. */
const GAS_TOLERANCE_PERCENT = 10n

/**
 * Compares an operation's validation on admission, on which the bundler relied, with the one directly
 * before its bundle, which passed.
 *
 * - [EREP-055] A context of another size bans its paymaster when bundle creation reverted, whichever
 *   operation reverted. That is the dry run; a bundle that reverts on chain had passed it, and who
 *   made it revert is not known.
 * - [EREP-070] A staked entity that used over 10 % less gas is throttled, even when nothing reverted. The
 *   text compares the second validation with the bundle. Here the first one stands for the second as
 *   long as nothing that it depended on has changed, and gas in the bundle is not traced.
 */
export function blameForChange(
  entities: readonly OperationEntity[],
  { before, after }: ValidationChange,
  bundleReverted: boolean,
): ReputationUpdate[] {
  const contextChanged = before.contextSize !== after.contextSize
  return entities.flatMap(({ role, address, staked }): ReputationUpdate[] => {
    if (role === 'paymaster' && contextChanged && bundleReverted)
      return [{ address, effect: 'ban' }]
    const [used, uses] = [before.gasUsed?.[role], after.gasUsed?.[role]]
    if (!staked || used === undefined || uses === undefined) return []
    const isLess = uses * 100n < used * (100n - GAS_TOLERANCE_PERCENT)
    return isLess ? [{ address, effect: 'throttle' }] : []
  })
}
