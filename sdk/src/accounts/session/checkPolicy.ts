import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import { type Address, type Hex, pad, toFunctionSelector, zeroAddress } from 'viem'
import {
  entryPoint06Address,
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'
import { SessionPolicyInvalidError } from '../../errors/session.ts'
import { scopes } from './scopes.ts'
import type { CallPermission, SessionPolicy } from './sessionPolicy.ts'

export type CheckPolicyContext = {
  contracts: AddressBook
  deployment: EntryPointDeployment
  /** The account that grants. */
  account: Address
  /** Unix seconds of the chain. */
  now: number
}

const maxUses = 2 ** 24 - 1
const maxValidUntil = 2 ** 32 - 1
const maxLifetime = 365 * 86_400
const maxAmount = 2n ** 128n - 1n
const maxPinIndex = 7

/**
 * Refuses a policy that the account would refuse. A signed grant is installed by the app, maybe days later: whoever
 * signs it should hear of it.
 * @throws {SessionPolicyInvalidError} With the field as the account names it, the value and the bound.
 */
export function checkPolicy(policy: SessionPolicy, context: CheckPolicyContext): void {
  checkBounds(policy, context)
  checkLimits(policy)
  for (const { index, allowed } of policy.pins)
    if (index > maxPinIndex || allowed.length === 0)
      refuse('pins', index, maxPinIndex, 'A pin fixes one of the arguments 0 to 7 to some values.')
  for (const call of policy.calls) checkCall(call, policy, context)
}

function checkBounds(
  { key, uses, validAfter, validUntil, calls, payers }: SessionPolicy,
  { account, now }: CheckPolicyContext,
) {
  if (validUntil <= now) refuse('validUntil', validUntil, now, 'A key ends in the future.')
  if (same(key, zeroAddress) || same(key, account))
    refuse('key', key, 0, 'A key is neither the zero address nor the account itself.')
  if (!Number.isInteger(uses) || uses < 1 || uses > maxUses)
    refuse('uses', uses, maxUses, 'A key has 1 to 16,777,215 uses.')
  const latest = Math.min(now + maxLifetime, maxValidUntil)
  if (validUntil > latest) refuse('validUntil', validUntil, latest, 'A key lives at most 365 days.')
  if (validAfter >= validUntil)
    refuse('validAfter', validAfter, validUntil, 'A key begins before it ends.')
  if (calls.length === 0) refuse('calls', 0, 1, 'A key may do something: name a scope.')
  for (const [index, payer] of payers.entries())
    if (same(payer, zeroAddress))
      refuse(
        'payers',
        0,
        index,
        'A payer is a paymaster; for the account itself there is maxGasCost.',
      )
}

function checkLimits({ limits }: SessionPolicy) {
  const seen = new Set<string>()
  for (const [index, { token, perCall, total }] of limits.entries()) {
    const amounts = [perCall, total]
    const isTwice = seen.has(token.toLowerCase())
    if (isTwice || amounts.some((amount) => amount <= 0n || amount > maxAmount))
      refuse(
        'limits',
        token,
        index,
        'Each token has one limit, its amounts at least 1 and below 2^128.',
      )
    seen.add(token.toLowerCase())
  }
}

function checkCall(
  { target, selector }: CallPermission,
  { pins, limits, payers }: SessionPolicy,
  { contracts, deployment, account }: CheckPolicyContext,
) {
  const never = [
    zeroAddress,
    account,
    deployment.entryPoint,
    entryPoint06Address,
    entryPoint07Address,
    entryPoint08Address,
    entryPoint09Address,
    ...payers,
  ]
  if (never.some((address) => same(address, target)))
    refuse(
      'calls.target',
      target,
      0,
      'No key reaches the account itself, an EntryPoint or a payer.',
    )

  const isToken = limits.some(({ token }) => same(token, target))
  const known = same(target, contracts.marketplace)
    ? selectorsOf('marketplace')
    : same(target, contracts.registry)
      ? selectorsOf('registry')
      : isToken
        ? tokenSelectors()
        : []
  if (!known.includes(selector.toLowerCase() as Hex))
    refuse(
      'calls.selector',
      selector,
      0,
      'Keys are granted functions of the marketplace, of the registry, and of tokens that they have a limit for, whose outflow the account can tell.',
    )

  for (const [signature, index, problem] of requiredPins) {
    if (!same(selector, toFunctionSelector(signature))) continue
    const pinned = pins.filter(
      (pin) => same(pin.target, target) && same(pin.selector, selector) && pin.index === index,
    )
    const words = pinned.flatMap(({ allowed }) => allowed)
    const isOwn = signature.startsWith('withdraw')
    if (words.length === 0 || (isOwn && words.some((word) => !same(word, pad(account)))))
      refuse('pins.required', selector, index, problem)
  }
}

/** Recipients, and jobs that are paid for out of what the owner has escrowed, have to be named. */
const requiredPins: readonly (readonly [signature: string, index: number, problem: string])[] = [
  ['transfer(address,uint256)', 0, 'Name the recipients.'],
  ['transferFrom(address,address,uint256)', 1, 'Name the recipients.'],
  ['withdraw(address,address)', 1, 'The account itself is the only recipient.'],
  ['releasePayment(uint256)', 0, 'Name the jobs.'],
  ['completeSessionWithFinal(uint256,uint256,bytes)', 0, 'Name the sessions.'],
]

function selectorsOf(contract: 'marketplace' | 'registry'): Hex[] {
  return Object.values(scopes)
    .filter((scope) => scope.contract === contract)
    .flatMap(({ functions }) => functions.map((signature) => toFunctionSelector(signature)))
}

function tokenSelectors(): Hex[] {
  return [
    'approve(address,uint256)',
    'increaseAllowance(address,uint256)',
    'transfer(address,uint256)',
    'transferFrom(address,address,uint256)',
  ].map((signature) => toFunctionSelector(signature))
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** @param value Addresses and selectors are numbers to the account's error. */
function refuse(field: string, value: number | Hex, bound: number, problem: string): never {
  throw new SessionPolicyInvalidError({
    field,
    value: BigInt(typeof value === 'number' ? Math.trunc(value) : value),
    bound: BigInt(bound),
    problem,
  })
}
