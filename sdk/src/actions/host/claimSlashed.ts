import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { transferSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type ClaimSlashedEvent = {
  recipient: Address
  /** FAB in wei. */
  amount: bigint
}

/**
 * Pays out the FAB that the account was awarded: claim bonds of hosts that failed its jobs, and slashed stake.
 * @example
 * await claimSlashed(client)
 */
export const claimSlashed = defineWrite<Record<never, never>, ClaimSlashedEvent>({
  contract: 'registry',
  eventName: 'SlashedClaimed',
  prepare: ({ contracts }) =>
    oneCall(contracts.registry, registry.claimSlashed, [], transferSpareGas),
  parse: (log) => parseEvent(log, registry.SlashedClaimed),
})

/** {@link claimSlashed} that waits until it is on chain. */
export const claimSlashedSync = toSync(claimSlashed)
