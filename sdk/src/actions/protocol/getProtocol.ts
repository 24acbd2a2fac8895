import type { AbiFunction, Address } from 'viem'
import type { AbiText, FunctionArgs } from '../../contracts/abiText.ts'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import * as reputation from '../../contracts/generated/reputationSystem.ts'
import type { ReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

/** What governance has set. Amounts of FAB in wei, times in seconds, shares in hundredths of a percent. */
export type Protocol = {
  /** Of work that is opened now. */
  protocolBps: bigint
  stakersBps: bigint
  /** That completing a session leaves for the last vouchers. */
  closingWindow: bigint
  /** Between the result of a single job and its automatic release. */
  reviewWindow: bigint
  /** Of a job's payment, to dispute its result. */
  disputeBondBps: bigint
  arbiterWindow: bigint
  /** Score from which a host gets the bonus; 0 is no bonus. */
  bonusReputation: bigint
  minimumStake: bigint
  /** Of a host's stake, for each job that it has claimed. */
  claimBond: bigint
  unbondingPeriod: bigint
  /** For which a slash keeps a host inactive. */
  jailPeriod: bigint
  challengeBond: bigint
  /** That an upheld challenge takes from the host's stake. */
  challengeSlash: bigint
  challengeWindow: bigint
  revealWindow: bigint
  resolverWindow: bigint
  /** Score for incentives. */
  incentiveThreshold: bigint
  /** Decides disputes; zero for none. */
  arbiter: Address
  treasury: Address
  /** Of the newest job or session. */
  lastJobId: bigint
}

/**
 * Fees, windows, bonds and stakes as they are now.
 * @example
 * const { protocolBps, closingWindow, minimumStake } = await getProtocol(client)
 */
export async function getProtocol(client: ReadClient): Promise<Protocol> {
  const { contracts } = client
  const read =
    (address: Address) =>
    <item extends AbiFunction>(text: AbiText<item>) =>
      readView(client, address, text, [] as unknown as FunctionArgs<item>)
  const market = read(contracts.marketplace)
  const nodes = read(contracts.registry)
  const proofs = read(contracts.proofSystem)
  const [fees, disputes, windows, host, challenge, people] = await Promise.all([
    market(marketplace.fees),
    market(marketplace.disputeTerms),
    Promise.all([
      market(marketplace.closingWindow),
      market(marketplace.reviewWindow),
      market(marketplace.bonusReputation),
      market(marketplace.lastJobId),
    ]),
    Promise.all([
      nodes(registry.minimumStake),
      nodes(registry.claimBond),
      nodes(registry.unbondingPeriod),
      nodes(registry.jailPeriod),
      read(contracts.reputation)(reputation.incentiveThreshold),
    ]),
    Promise.all([
      proofs(proofSystem.challengeBond),
      proofs(proofSystem.challengeSlash),
      proofs(proofSystem.challengeWindow),
      proofs(proofSystem.revealWindow),
      proofs(proofSystem.resolverWindow),
    ]),
    Promise.all([market(marketplace.arbiter), market(marketplace.treasury)]),
  ])
  const [protocolBps, stakersBps] = fees
  const [disputeBondBps, arbiterWindow] = disputes
  const [closingWindow, reviewWindow, bonusReputation, lastJobId] = windows
  const [minimumStake, claimBond, unbondingPeriod, jailPeriod, incentiveThreshold] = host
  const [challengeBond, challengeSlash, challengeWindow, revealWindow, resolverWindow] = challenge
  const [arbiter, treasury] = people
  return {
    protocolBps,
    stakersBps,
    closingWindow,
    reviewWindow,
    disputeBondBps,
    arbiterWindow,
    bonusReputation,
    minimumStake,
    claimBond,
    unbondingPeriod,
    jailPeriod,
    challengeBond,
    challengeSlash,
    challengeWindow,
    revealWindow,
    resolverWindow,
    incentiveThreshold,
    arbiter,
    treasury,
    lastJobId,
  }
}
