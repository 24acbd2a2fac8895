import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { rewardSpareGas, transferSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type DistributeFeesParameters = { token: Token }
export type DistributeFeesEvent = {
  /** `address(0)` is ETH. */
  token: Address
  /** What the treasury took, in the smallest unit of the token. */
  protocol: bigint
  /** What the stakers took. */
  stakers: bigint
}

/**
 * Pays collected fees to the treasury and the stakers. Anyone.
 * @example
 * await distributeFees(client, { token: 'usdc' })
 */
export const distributeFees = defineWrite<DistributeFeesParameters, DistributeFeesEvent>({
  contract: 'marketplace',
  eventName: 'FeesDistributed',
  prepare: ({ contracts }, { token }) =>
    oneCall(
      contracts.marketplace,
      marketplace.distributeFees,
      [tokenAddress(contracts, token)],
      rewardSpareGas + transferSpareGas,
    ),
  parse: (log) => parseEvent(log, marketplace.FeesDistributed),
})

/** {@link distributeFees} that waits until it is on chain. */
export const distributeFeesSync = toSync(distributeFees)
