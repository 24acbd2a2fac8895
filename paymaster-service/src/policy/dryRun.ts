import type { Hex } from 'viem'
import type { InnerCall } from './accounts/innerCall.ts'
import { selectorsOf } from './calls/selectors.ts'
import { innerCalls, judge } from './checkRules.ts'
import type { Policy } from './policy.ts'
import type { Refusal } from './refusal.ts'
import type { SponsorshipRequest } from './rules/sponsorshipRequest.ts'

/** What one rule of a document says. */
export type RuleVerdict = {
  /** Name of the rule: of a member of the document, not of a refusal. */
  rule: string
  refusal: Refusal | undefined
}

export type DryRun = {
  /** The first refusal. */
  refusal: Refusal | undefined
  /** What every rule that was asked says, also after one that refuses. */
  verdicts: readonly RuleVerdict[]
  /** What the account would call; `undefined` where its call data is not certain to be understood. */
  calls: readonly InnerCall[] | undefined
  /** Functions of these calls, in order. */
  selectors: readonly Hex[]
}

/**
 * What a document says about an operation, without a service: every rule but rates, caps and webhook,
 * which depend on what was before and on others.
 */
export function dryRun(policy: Policy, request: SponsorshipRequest): DryRun {
  const verdicts = judge(policy, request)
  const calls = innerCalls(policy, request)
  return {
    refusal: verdicts.find(({ refusal }) => refusal)?.refusal,
    verdicts,
    calls,
    selectors: selectorsOf(calls ?? []),
  }
}
