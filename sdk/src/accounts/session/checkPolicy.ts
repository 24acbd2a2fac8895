import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import { type Address, type Hex, hexToBigInt, pad, toFunctionSelector, zeroAddress } from 'viem'
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

const maxUses = 2n ** 24n - 1n
const maxValidUntil = 2n ** 32n - 1n
const maxLifetime = 365 * 86_400
const maxAmount = 2n ** 128n - 1n
const maxPinIndex = 7n

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
      refuse(
        'pins',
        BigInt(index),
        maxPinIndex,
        'A pin fixes one of the arguments 0 to 7 to some values.',
      )
  for (const call of policy.calls) checkCall(call, policy, context)
}

function checkBounds(
  { key, uses, validAfter, validUntil, calls, payers }: SessionPolicy,
  { account, now }: CheckPolicyContext,
) {
  if (validUntil <= now) refuse('validUntil', validUntil, now, 'A key ends in the future.')
  if (same(key, zeroAddress) || same(key, account))
    refuse('key', hexToBigInt(key), 0n, 'A key is neither the zero address nor the account itself.')
  if (!Number.isInteger(uses) || uses < 1 || uses > maxUses)
    refuse('uses', uses, maxUses, 'A key has 1 to 16,777,215 uses.')
  const latest = Math.min(now + maxLifetime, Number(maxValidUntil))
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
        hexToBigInt(token),
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
      hexToBigInt(target),
      0n,
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
      hexToBigInt(selector),
      0n,
      'Keys are granted functions of the marketplace, of the registry, and of tokens that they have a limit for, whose outflow the account can tell.',
    )

  const required = requiredPin(selector)
  if (required === undefined) return
  const pinned = pins.filter(
    (pin) =>
      same(pin.target, target) && same(pin.selector, selector) && pin.index === required.index,
  )
  const words = pinned.flatMap(({ allowed }) => allowed)
  if (words.length === 0 || (required.account && words.some((word) => !same(word, pad(account)))))
    refuse('pins.required', hexToBigInt(selector), required.index, required.problem)
}

/** Recipients, and jobs that are paid for out of what the owner has escrowed, have to be named. */
function requiredPin(
  selector: Hex,
): { index: number; account?: true; problem: string } | undefined {
  const is = (signature: string) => same(selector, toFunctionSelector(signature))
  if (is('transfer(address,uint256)')) return { index: 0, problem: 'Name the recipients.' }
  if (is('transferFrom(address,address,uint256)'))
    return { index: 1, problem: 'Name the recipients.' }
  if (is('withdraw(address,address)'))
    return { index: 1, account: true, problem: 'The account itself is the only recipient.' }
  if (is('releasePayment(uint256)')) return { index: 0, problem: 'Name the jobs.' }
  if (is('completeSessionWithFinal(uint256,uint256,bytes)'))
    return { index: 0, problem: 'Name the sessions.' }
  return undefined
}

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

function refuse(
  field: string,
  value: bigint | number,
  bound: bigint | number,
  problem: string,
): never {
  throw new SessionPolicyInvalidError({
    field,
    value: toWhole(value),
    bound: toWhole(bound),
    problem,
  })
}

const toWhole = (value: bigint | number) =>
  typeof value === 'bigint' ? value : BigInt(Math.trunc(value))
