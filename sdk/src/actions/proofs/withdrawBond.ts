import type { Address } from 'viem'
import * as proofSystem from '../../contracts/generated/proofSystem.ts'
import { oneCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { transferSpareGas } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type WithdrawBondEvent = {
  account: Address
  /** FAB in wei. */
  amount: bigint
}

/**
 * Pays out what bonds of challenges left the account.
 * @example
 * await withdrawBond(client)
 */
export const withdrawBond = defineWrite<Record<never, never>, WithdrawBondEvent>({
  contract: 'proofSystem',
  eventName: 'BondWithdrawn',
  prepare: ({ contracts }) =>
    oneCall(contracts.proofSystem, proofSystem.withdrawBond, [], transferSpareGas),
  parse: (log) => parseEvent(log, proofSystem.BondWithdrawn),
})

/** {@link withdrawBond} that waits until it is on chain. */
export const withdrawBondSync = toSync(withdrawBond)
