import * as marketplace from '../contracts/generated/jobMarketplace.ts'
import type { ContractEvents, FollowedEvent } from '../watch/contractEvent.ts'
import type { balanceEvents, hostEvents, jobEvents, sessionEvents } from '../watch/events.ts'

const inMarketplace = <event>(event: event) => ({ contract: 'marketplace', event }) as const

/** Governed terms, which jobs and sessions keep from the moment at which they were opened. */
export const termEvents = {
  FeesSet: inMarketplace(marketplace.FeesSet),
  ReviewWindowSet: inMarketplace(marketplace.ReviewWindowSet),
  ClosingWindowSet: inMarketplace(marketplace.ClosingWindowSet),
} as const satisfies ContractEvents

/** An event that counts, with the time of its block. Its type tells the arguments by its name. */
export type HistoryEvent<events extends ContractEvents> = Timed<FollowedEvent<events>>

/** One by one: of a union as a whole, names and arguments would be mixed up. */
type Timed<event> = event extends { name: string }
  ? Omit<event, 'removed'> & {
      /** Unix seconds. */
      timestamp: number
    }
  : never

export type TermEvent = HistoryEvent<typeof termEvents>
export type JobEvent = HistoryEvent<typeof jobEvents>
export type SessionEvent = HistoryEvent<typeof sessionEvents>
export type BalanceEvent = HistoryEvent<typeof balanceEvents>
export type HostEvent = HistoryEvent<typeof hostEvents>
