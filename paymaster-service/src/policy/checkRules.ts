import { decodeCalls } from './accounts/accountShape.ts'
import type { DecodedCalls } from './accounts/innerCall.ts'
import { checkCallScope } from './calls/callScope.ts'
import type { Policy } from './policy.ts'
import type { Refusal } from './refusal.ts'
import { refuse } from './refusal.ts'
import {
  checkAccount,
  checkDelegate,
  checkFactory,
  checkSender,
  checkSigner,
  checkValidator,
  shapeOf,
} from './rules/accountRules.ts'
import {
  checkChain,
  checkEntryPoint,
  checkGas,
  checkOrigin,
  checkTime,
} from './rules/requestRules.ts'
import type { SponsorshipRequest } from './rules/sponsorshipRequest.ts'

type Rule = (
  policy: Policy,
  request: SponsorshipRequest,
  calls: () => DecodedCalls,
) => Refusal | undefined

/** Every rule of a document that is a function of document and request, in the order of their cost. */
const rules = {
  chain: checkChain,
  'entry-point': checkEntryPoint,
  time: checkTime,
  origin: checkOrigin,
  sender: checkSender,
  gas: checkGas,
  factory: checkFactory,
  delegate: checkDelegate,
  account: checkAccount,
  validator: checkValidator,
  'session-key': checkSigner,
  calls: checkCalls,
} as const satisfies Record<string, Rule>

/**
 * The first rule that `request` breaks; `undefined` when only rates, caps and webhook are left to ask.
 * @param calls {@link innerCalls} of both, for whoever needs them as well.
 */
export function checkRules(
  policy: Policy,
  request: SponsorshipRequest,
  calls: () => DecodedCalls = () => innerCalls(policy, request),
): Refusal | undefined {
  for (const rule of Object.values(rules)) {
    const refusal = rule(policy, request, calls)
    if (refusal) return refusal
  }
  return undefined
}

/** What every rule says, also after one that refuses: for dry runs. */
export function judge(policy: Policy, request: SponsorshipRequest) {
  const calls = () => innerCalls(policy, request)
  return Object.entries(rules).map(([rule, check]) => ({
    rule,
    refusal: check(policy, request, calls),
  }))
}

/** The calls that the operation makes, as its account reads them; `undefined` where that is not certain. */
export function innerCalls(policy: Policy, request: SponsorshipRequest): DecodedCalls {
  const shape = shapeOf(policy, request)
  return shape && decodeCalls(shape, request.sender, request.callData, policy.accounts)
}

/** Rules `calls.*`. */
function checkCalls(
  policy: Policy,
  request: SponsorshipRequest,
  decoded: () => DecodedCalls,
): Refusal | undefined {
  const { sender, callData, factory, code } = request
  const calls = decoded()
  if (!calls) {
    const shape = shapeOf(policy, request) ?? 'unknown'
    return refuse(
      'calls.not-decodable',
      `call data ${shorten(callData)} is not certain to be understood by an account of shape ${shape}`,
    )
  }
  // EntryPoint 0.9 skips the initCode of a sender that exists: then nothing is deployed.
  return checkCallScope(policy.calls, { sender, calls, deploys: factory !== undefined && !code })
}

function shorten(data: string): string {
  return data.length > 20 ? `${data.slice(0, 18)}…` : data
}
