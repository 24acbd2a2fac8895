import { type Address, zeroAddress } from 'viem'
import type { HostNode } from '../actions/marketplace/getNode.ts'
import { parseMetadata } from '../host/metadata.ts'
import type { HostEvent } from './historyEvents.ts'

/** A host without its obligations, which the marketplace counts. */
export type HostState = Omit<HostNode, 'obligations'>

/** A host of which nothing is known. */
export const emptyHost = (node: Address): HostState => ({
  node,
  controller: zeroAddress,
  stake: 0n,
  unbonding: 0n,
  unbondingEndsAt: 0,
  activeSince: 0,
  accepting: false,
  jailedUntil: 0,
  maxSessions: 0,
  metadata: undefined,
})

/** One event more of the registry. */
export function applyHostEvent(host: HostState, event: HostEvent): HostState {
  switch (event.name) {
    case 'NodeRegistered': {
      const { controller, stake, metadata } = event.args
      return {
        ...host,
        controller,
        stake,
        activeSince: event.timestamp,
        accepting: true,
        metadata: parseMetadata(metadata),
      }
    }
    case 'NodeUnregistered':
      return {
        ...host,
        controller: zeroAddress,
        activeSince: 0,
        accepting: false,
        metadata: undefined,
      }
    case 'MetadataUpdated':
      return { ...host, metadata: parseMetadata(event.args.metadata) }
    case 'AcceptingSet':
      return { ...host, accepting: event.args.accepting }
    case 'MaxSessionsSet':
      return { ...host, maxSessions: Number(event.args.maxSessions) }
    case 'StakeAdded':
      return { ...host, stake: event.args.stake }
    case 'UnstakeRequested': {
      const { amount, endsAt } = event.args
      return {
        ...host,
        stake: host.stake - amount,
        unbonding: host.unbonding + amount,
        unbondingEndsAt: endsAt,
      }
    }
    case 'UnstakeReused':
      return unbond(host, event.args.amount)
    case 'StakeWithdrawn':
      return unbond(host, host.unbonding)
    case 'NodeSlashed':
    case 'ClaimBondForfeited': {
      const { fromStake, fromUnbonding } = event.args
      return { ...unbond(host, fromUnbonding), stake: host.stake - fromStake }
    }
    case 'NodeJailed':
      return { ...host, jailedUntil: Number(event.args.until) }
    case 'ModelsSet':
    case 'PriceSet':
      return host
  }
}

/** Less that unbonds; its end is forgotten with the last of it. */
function unbond(host: HostState, amount: bigint): HostState {
  const unbonding = host.unbonding - amount
  if (amount === 0n) return host
  return { ...host, unbonding, unbondingEndsAt: unbonding === 0n ? 0 : host.unbondingEndsAt }
}
