import * as marketplace from '../contracts/generated/jobMarketplace.ts'
import * as registry from '../contracts/generated/nodeRegistry.ts'
import type { ContractEvents } from './contractEvent.ts'

const inMarketplace = <event>(event: event) => ({ contract: 'marketplace', event }) as const
const inRegistry = <event>(event: event) => ({ contract: 'registry', event }) as const

/**
 * Events of single jobs and their disputes. `jobId` and `escrowId` are the same number.
 * @example
 * const posted = { JobPosted: { ...jobEvents.JobPosted, args: { renter } } }
 * for await (const { events } of followEvents(client, { events: posted })) console.log(events[0]?.args.payment)
 */
export const jobEvents = {
  JobPosted: inMarketplace(marketplace.JobPosted),
  JobClaimed: inMarketplace(marketplace.JobClaimed),
  JobAbandoned: inMarketplace(marketplace.JobAbandoned),
  JobCompleted: inMarketplace(marketplace.JobCompleted),
  PaymentReleased: inMarketplace(marketplace.PaymentReleased),
  JobCancelled: inMarketplace(marketplace.JobCancelled),
  JobExpired: inMarketplace(marketplace.JobExpired),
  JobFailed: inMarketplace(marketplace.JobFailed),
  EscrowDisputed: inMarketplace(marketplace.EscrowDisputed),
  EscrowResolved: inMarketplace(marketplace.EscrowResolved),
} as const satisfies ContractEvents

/**
 * Events of sessions. Their `jobId` is the id of the session.
 * @example
 * const mine = { opened: { ...sessionEvents.SessionJobCreated, args: { host } } }
 * for await (const { events } of followEvents(client, { events: mine })) console.log(events[0]?.args.deposit)
 */
export const sessionEvents = {
  SessionJobCreated: inMarketplace(marketplace.SessionJobCreated),
  SessionTermsSet: inMarketplace(marketplace.SessionTermsSet),
  SessionProofRequirementSet: inMarketplace(marketplace.SessionProofRequirementSet),
  SessionModelSet: inMarketplace(marketplace.SessionModelSet),
  SessionCoSignerChanging: inMarketplace(marketplace.SessionCoSignerChanging),
  SessionCheckpointed: inMarketplace(marketplace.SessionCheckpointed),
  SessionWorkAttested: inMarketplace(marketplace.SessionWorkAttested),
  SessionWorkChallenged: inMarketplace(marketplace.SessionWorkChallenged),
  SessionWorkDecided: inMarketplace(marketplace.SessionWorkDecided),
  SessionWorkMatured: inMarketplace(marketplace.SessionWorkMatured),
  SessionWorkDropped: inMarketplace(marketplace.SessionWorkDropped),
  SessionClosing: inMarketplace(marketplace.SessionClosing),
  SessionSettled: inMarketplace(marketplace.SessionSettled),
} as const satisfies ContractEvents

/**
 * Events of hosts in the registry.
 * @example
 * for await (const { events } of followEvents(client, { events: hostEvents })) console.log(events[0]?.name)
 */
export const hostEvents = {
  NodeRegistered: inRegistry(registry.NodeRegistered),
  NodeUnregistered: inRegistry(registry.NodeUnregistered),
  MetadataUpdated: inRegistry(registry.MetadataUpdated),
  AcceptingSet: inRegistry(registry.AcceptingSet),
  MaxSessionsSet: inRegistry(registry.MaxSessionsSet),
  ModelsSet: inRegistry(registry.ModelsSet),
  PriceSet: inRegistry(registry.PriceSet),
  StakeAdded: inRegistry(registry.StakeAdded),
  UnstakeRequested: inRegistry(registry.UnstakeRequested),
  UnstakeReused: inRegistry(registry.UnstakeReused),
  StakeWithdrawn: inRegistry(registry.StakeWithdrawn),
  NodeSlashed: inRegistry(registry.NodeSlashed),
  ClaimBondForfeited: inRegistry(registry.ClaimBondForfeited),
  NodeJailed: inRegistry(registry.NodeJailed),
} as const satisfies ContractEvents

/**
 * What comes into and leaves the balances that the marketplace keeps for accounts, besides jobs and sessions.
 * @example
 * const mine = { Withdrawn: { ...balanceEvents.Withdrawn, args: { account: renter } } }
 * for await (const { events } of followEvents(client, { events: mine })) console.log(events[0]?.args.amount)
 */
export const balanceEvents = {
  PrepaidDeposited: inMarketplace(marketplace.PrepaidDeposited),
  PrepaidSpent: inMarketplace(marketplace.PrepaidSpent),
  Withdrawn: inMarketplace(marketplace.Withdrawn),
} as const satisfies ContractEvents
