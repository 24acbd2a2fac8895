import { type Address, zeroAddress } from 'viem'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { type Duration, toSeconds } from '../../units/duration.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type CreatePlanParameters = {
  /** Price of one period. It never changes. */
  price: TokenAmount
  /** 1 to 366 days. */
  period: Duration
  /** Units in a period; what a unit is, the provider says. */
  quota: bigint
  /** Who records use besides the provider; nobody by default. */
  meter?: Address | undefined
}
export type CreatePlanEvent = {
  /** Counts from 1. */
  planId: bigint
  provider: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  price: bigint
  /** Seconds. */
  period: bigint
  quota: bigint
}

/**
 * Opens a prepaid plan of the account, with a quota for each period.
 * @example
 * const { planId } = await createPlanSync(client, { price: usdc(20), period: '30d', quota: 1_000_000n })
 */
export const createPlan = defineWrite<CreatePlanParameters, CreatePlanEvent>({
  contract: 'subscriptions',
  eventName: 'PlanCreated',
  prepare: ({ contracts }, { price, period, quota, meter = zeroAddress }) =>
    oneCall(contracts.subscriptions, subscriptions.createPlan, [
      tokenAddress(contracts, price.token),
      price.value,
      toSeconds(period),
      quota,
      meter,
    ]),
  parse: (log) => parseEvent(log, subscriptions.PlanCreated),
})

/** {@link createPlan} that waits until it is on chain. */
export const createPlanSync = toSync(createPlan)
