import { type Address, isAddressEqual } from 'viem'
import * as emergencyGuardian from '../../contracts/generated/emergencyGuardian.ts'
import * as governor from '../../contracts/generated/fabstirGovernor.ts'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import * as modelRegistry from '../../contracts/generated/modelRegistry.ts'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import * as subscriptions from '../../contracts/generated/subscriptions.ts'
import { type Model, toModelId } from '../../contracts/modelId.ts'
import type { AccountReadClient, ReadClient } from '../../types/client.ts'
import { getVotes } from '../governance/getVotes.ts'
import { readView } from '../readView.ts'

/** A role that one account holds: in the job, session, node, model or plan that it names, or in the whole system. */
type HeldRole =
  | { role: 'renter' | 'jobHost'; jobId: bigint }
  | { role: 'controller'; operator: Address }
  | { role: 'publisher'; model: Model }
  | { role: 'provider' | 'meter'; planId: bigint }
  | { role: 'arbiter' | 'governance' }

/** Who may do what. */
export type Role =
  | HeldRole
  | { role: 'host' | 'acceptingHost' | 'resolver' | 'guardian' | 'proposer' }

export type HasRoleParameters = Role & {
  /** The client's own account by default. */
  account?: Address | undefined
}

/**
 * Whether an account may act in a role: `host` is an active node, `acceptingHost` one that takes work now, `renter`
 * and `jobHost` are of a single job or a session by its id, `guardian` may pause, `proposer` has the votes to propose.
 * @example
 * if (await hasRole(client, { role: 'renter', jobId })) await client.cancelJob({ jobId })
 */
export async function hasRole(
  client: AccountReadClient,
  { account = client.account.address, ...role }: HasRoleParameters,
): Promise<boolean> {
  const { contracts } = client
  switch (role.role) {
    case 'host':
      return readView(client, contracts.registry, registry.isActiveNode, [account])
    case 'acceptingHost':
      return readView(client, contracts.registry, registry.isAcceptingNode, [account])
    case 'resolver':
      return readView(client, contracts.proofSystem, proofSystem.isResolver, [account])
    case 'guardian': {
      const { emergencyGuardian: address } = contracts
      const id = await readView(client, address, emergencyGuardian.EMERGENCY_ROLE, [])
      return readView(client, address, emergencyGuardian.hasRole, [id, account])
    }
    case 'proposer': {
      const { governor: address } = contracts
      const [threshold, now] = await Promise.all([
        readView(client, address, governor.proposalThreshold, []),
        readView(client, address, governor.clock, []),
      ])
      return (await getVotes(client, { account, at: BigInt(now) - 1n })) >= threshold
    }
    default:
      return isAddressEqual(await readHolder(client, role), account)
  }
}

async function readHolder(client: ReadClient, role: HeldRole): Promise<Address> {
  const { contracts } = client
  switch (role.role) {
    case 'renter':
    case 'jobHost': {
      const { marketplace: address } = contracts
      const facts = await readView(client, address, marketplace.jobFacts, [role.jobId])
      return role.role === 'renter' ? facts.renter : facts.host
    }
    case 'controller':
      return readView(client, contracts.registry, registry.getNodeController, [role.operator])
    case 'publisher': {
      const args = [toModelId(role.model)] as const
      return (await readView(client, contracts.modelRegistry, modelRegistry.getModel, args))
        .publisher
    }
    case 'provider':
    case 'meter': {
      const args = [role.planId] as const
      return (await readView(client, contracts.subscriptions, subscriptions.getPlan, args))[
        role.role
      ]
    }
    case 'arbiter':
      return readView(client, contracts.marketplace, marketplace.arbiter, [])
    case 'governance':
      return contracts.timelock
  }
}
