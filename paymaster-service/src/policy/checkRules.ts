import { eip7702FactoryMarker } from '@fabstir/erc4337'
import type { Address, Hash, Hex } from 'viem'
import { isAddressEqual } from 'viem'
import { checkCallScope } from './callScope.ts'
import type { Policy } from './policy.ts'
import type { Refusal } from './refusal.ts'

/** What the rules look at, beside the caps. */
export type SponsorshipRequest = {
  chainId: number
  entryPoint: Address
  /** Unix seconds, as the chain counts them. */
  now: number
  sender: Address
  /** Contract that deploys the sender, or the EIP-7702 marker. */
  factory: Address | undefined
  /** EIP-7702 implementation that the sender runs. */
  delegate: Address | undefined
  /** Code of the sender with its ERC-1967 implementation; `undefined` before it is deployed. */
  code: { hash: Hash; implementation: Address } | undefined
  /** Account that `factory` answers to deploy. */
  created: Address | undefined
  callData: Hex
  /** Wei. */
  maxFeePerGas: bigint
}

type Rule = (policy: Policy, request: SponsorshipRequest) => Refusal | undefined

/** Every rule of a policy but its caps, in the order of their cost. */
const rules: readonly Rule[] = [
  checkChain,
  checkEntryPoint,
  checkTime,
  checkSender,
  checkGasPrice,
  checkFactory,
  checkDelegate,
  checkAccount,
  (policy, { sender, callData, factory, code }) =>
    // EntryPoint 0.9 skips the initCode of a sender that exists: then nothing is deployed.
    checkCallScope(policy, { sender, callData, deploys: factory !== undefined && !code }),
]

/** The first rule that `request` breaks; `undefined` when only the caps are left to ask. */
export function checkRules(policy: Policy, request: SponsorshipRequest): Refusal | undefined {
  for (const rule of rules) {
    const refusal = rule(policy, request)
    if (refusal) return refusal
  }
  return undefined
}

function checkChain({ document }: Policy, { chainId }: SponsorshipRequest): Refusal | undefined {
  if (document.chains.includes(chainId)) return undefined
  return refuse('chain.not-allowed', `chain ${chainId} is not one of ${document.chains.join(', ')}`)
}

function checkEntryPoint(
  { entryPoints, document }: Policy,
  { entryPoint }: SponsorshipRequest,
): Refusal | undefined {
  if (entryPoints.has(entryPoint.toLowerCase())) return undefined
  return refuse(
    'entry-point.not-allowed',
    `EntryPoint ${entryPoint} is not one of ${document.entryPoints.join(', ')}`,
  )
}

function checkTime({ document }: Policy, { now }: SponsorshipRequest): Refusal | undefined {
  const { from = 0, until } = document.time ?? {}
  if (now < from)
    return { ...refuse('time.not-started', `${now} is before ${from}`), resetsAt: from }
  if (until !== undefined && now > until)
    return { ...refuse('time.ended', `${now} is after ${until}`), resetsAt: null }
  return undefined
}

function checkSender(
  { allowedSenders, deniedSenders }: Policy,
  { sender }: SponsorshipRequest,
): Refusal | undefined {
  if (deniedSenders.has(sender.toLowerCase()))
    return refuse('sender.denied', `${sender} is on the deny list`)
  if (allowedSenders && !allowedSenders.has(sender.toLowerCase()))
    return refuse('sender.not-allowed', `${sender} is not on the allow list`)
  return undefined
}

function checkGasPrice(policy: Policy, { maxFeePerGas }: SponsorshipRequest): Refusal | undefined {
  if (policy.maxFeePerGas === undefined || maxFeePerGas <= policy.maxFeePerGas) return undefined
  return refuse(
    'gas.max-fee',
    `maxFeePerGas ${maxFeePerGas} wei is above ${policy.maxFeePerGas} wei`,
  )
}

function checkFactory(
  { factories }: Policy,
  { factory, delegate }: SponsorshipRequest,
): Refusal | undefined {
  if (!factory || factories.has(factory.toLowerCase())) return undefined
  // The marker deploys nothing; rule delegate.unknown looks at what it stands for.
  if (isAddressEqual(factory, eip7702FactoryMarker) && delegate) return undefined
  return refuse('factory.unknown', `${factory} is not a known factory`)
}

function checkDelegate(
  { delegates }: Policy,
  { sender, delegate }: SponsorshipRequest,
): Refusal | undefined {
  if (!delegate || delegates.has(delegate.toLowerCase())) return undefined
  return refuse(
    'delegate.unknown',
    `${sender} is delegated to ${delegate}, which is not a known implementation`,
  )
}

/**
 * Call data says what is done only for code that is known to do it. A sender that is not deployed
 * yet could become anything until its operation arrives, unless a known factory owns its address.
 */
function checkAccount(
  { accounts }: Policy,
  { sender, code, delegate, created }: SponsorshipRequest,
): Refusal | undefined {
  if (delegate) return undefined
  if (!code) {
    if (created && isAddressEqual(created, sender)) return undefined
    return refuse('account.unknown', `${sender} is not deployed, and by no known factory`)
  }
  const implementations = accounts.get(code.hash)
  if (implementations === 'any' || implementations?.has(code.implementation.toLowerCase()))
    return undefined
  const behind = implementations ? ` with implementation ${code.implementation}` : ''
  return refuse('account.unknown', `${sender} has code ${code.hash}${behind}, which is not listed`)
}

function refuse(rule: string, reason: string): Refusal {
  return { rule, message: `${rule}: ${reason}` }
}
