import type { Address, Log } from 'viem'
import type { AccountCall } from '../../accounts/fabstir/executeData.ts'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import type { ReadClient } from '../../types/client.ts'
import { parseEvent } from '../parseEvent.ts'
import type { PreparedCalls } from '../preparedCalls.ts'
import { withPull } from '../pull.ts'
import { readView } from '../readView.ts'

export type SubscribeEvent = {
  planId: bigint
  subscriber: Address
  periods: bigint
  /** Unix seconds. */
  paidUntil: bigint
}

/** `Subscribed` in a log. */
export function parseSubscribed(log: Log): SubscribeEvent | undefined {
  return parseEvent(log, subscriptions.Subscribed)
}

/** Price of so many periods of a plan, pulled by a call. */
export async function pullPeriods(
  client: ReadClient,
  { planId, periods }: { planId: bigint; periods: number },
  toCall: (address: Address) => AccountCall,
): Promise<PreparedCalls> {
  const address = client.contracts.subscriptions
  const { token, price } = await readView(client, address, subscriptions.getPlan, [planId])
  return withPull(toCall(address), token, price * BigInt(periods))
}
