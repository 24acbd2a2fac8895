import type { UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import type { OperationEvent } from '../chain/chainReader.ts'
import { innerCalls } from '../policy/checkRules.ts'
import type { GasPast } from '../policy/gas/unusedGas.ts'
import type { Policy } from '../policy/policy.ts'
import type { Refusal } from '../policy/refusal.ts'
import type { SponsorshipRequest } from '../policy/rules/sponsorshipRequest.ts'
import type { Question } from '../policy/willSponsor/question.ts'
import type { OperationName } from './gasMemory.ts'
import { createGasMemory } from './gasMemory.ts'
import type { CountedRate, RequestCounter } from './requestCounter.ts'
import type { WebhookParameters } from './webhook.ts'
import { createWebhook } from './webhook.ts'

/** Who asks for sponsorship. */
export type SponsorshipCaller = {
  /** Name of the app whose key it is; `undefined` for an administrator who tries a policy. */
  app: string | undefined
  /** Id of the key; `undefined` for keys of the configuration. */
  keyId: string | undefined
  /** What the rates of the key are counted under; `undefined` where no key asks. */
  rateKey: string | undefined
  /** HTTP `Origin`. */
  origin: string | undefined
}

/** Whose requests are counted. */
type Requester = { sender: Address; key: string | undefined }

/** Rules that remember or ask: what is not a function of document and request. */
export type PolicyGate = {
  gasPast(policy: Policy, sender: Address): GasPast | undefined
  /** Rules `rate.*`. In a dry run nothing is counted. */
  takeRequest(
    policy: Policy,
    who: Requester,
    stage: Question['stage'],
  ): Promise<Refusal | undefined>
  /** Rules `will-sponsor.*`. The last to be asked. */
  willSponsor(policy: Policy, asked: Asked): Promise<Refusal | undefined>
  /** What was sponsored, by the sum of its gas limits. */
  sponsored(policy: Policy, operation: OperationName, gas: bigint): void
  /** What the chain included. */
  included(events: readonly OperationEvent[]): void
}

export type Asked = {
  stage: Question['stage']
  caller: SponsorshipCaller
  request: SponsorshipRequest
  op: UserOperation
  /** Wei. */
  maxCost: bigint
}

export type PolicyGateParameters = WebhookParameters & { count: RequestCounter }

export function createPolicyGate({ count, ...parameters }: PolicyGateParameters): PolicyGate {
  const { clock } = parameters
  const gas = createGasMemory()
  const webhook = createWebhook(parameters)
  return {
    gasPast: (policy, sender) => gas.past(policy, sender, clock()),
    takeRequest: (policy, who, stage) =>
      count(ratesOf(policy, who), { now: clock(), counts: stage !== 'dry-run' }),
    willSponsor: (policy, { stage, caller, request, op, maxCost }) =>
      webhook(policy, () => ({
        app: caller.app,
        origin: caller.origin,
        stage,
        op,
        maxCost,
        chainId: request.chainId,
        entryPoint: request.entryPoint,
        calls: innerCalls(policy, request) ?? [],
      })),
    sponsored: gas.sponsored,
    included: (events) => gas.included(events, clock()),
  }
}

/** A policy counts for itself: by the key that asks and by the sender. */
function ratesOf({ id, document }: Policy, { sender, key }: Requester): CountedRate[] {
  const rate = document.rate ?? {}
  return [
    ...(rate.key && key !== undefined
      ? [{ rule: 'rate.key' as const, rate: rate.key, subject: `${id} ${key}` }]
      : []),
    ...(rate.user
      ? [{ rule: 'rate.user' as const, rate: rate.user, subject: `${id} ${sender.toLowerCase()}` }]
      : []),
  ]
}
