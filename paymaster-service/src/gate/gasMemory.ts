import { BoundedMap } from '@fabstir/service/collections'
import type { Address } from 'viem'
import type { OperationEvent } from '../chain/chainReader.ts'
import type { GasUse } from '../policy/gas/gasUse.ts'
import { addGasUse, gasPast, noGasUse } from '../policy/gas/gasUse.ts'
import type { GasPast } from '../policy/gas/unusedGas.ts'
import type { Policy } from '../policy/policy.ts'

/** Sponsored operations that are waited for, and senders that are remembered. */
const maxEntries = 100_000

export type OperationName = { entryPoint: Address; sender: Address; nonce: bigint }

export type GasMemory = {
  /** How a sender's operations used their gas, where the policy asks. `now` is Unix seconds. */
  past(policy: Policy, sender: Address, now: number): GasPast | undefined
  /** An operation was sponsored with `granted` gas in its limits. */
  sponsored(policy: Policy, operation: OperationName, granted: bigint): void
  /** Operations were included. One that is read again counts once. */
  included(events: readonly OperationEvent[], now: number): void
}

type Expected = { policyId: string; seconds: number; granted: number }

/** Remembers gas in memory: an instance knows what it sponsored itself since it started. */
export function createGasMemory(): GasMemory {
  const expected = new BoundedMap<string, Expected>(maxEntries)
  const senders = new BoundedMap<string, GasUse>(maxEntries)
  const senderKey = (policyId: string, seconds: number, sender: Address) =>
    `${policyId} ${seconds} ${sender}`.toLowerCase()
  return {
    past({ id, document }, sender, now) {
      const seconds = document.unusedGas?.remembered?.seconds
      const use = seconds && senders.get(senderKey(id, seconds, sender))
      return use ? gasPast(use, seconds, now) : undefined
    },
    sponsored({ id, document }, operation, granted) {
      const seconds = document.unusedGas?.remembered?.seconds
      if (seconds === undefined) return
      expected.set(operationKey(operation), { policyId: id, seconds, granted: Number(granted) })
    },
    included(events, now) {
      for (const event of events) {
        const found = expected.take(operationKey(event))
        if (!found) continue
        const { policyId, seconds, granted } = found
        const key = senderKey(policyId, seconds, event.sender)
        const used = Number(event.actualGasUsed)
        senders.set(key, addGasUse(senders.get(key) ?? noGasUse, { granted, used }, seconds, now))
      }
    },
  }
}

function operationKey({ entryPoint, sender, nonce }: OperationName): string {
  return `${entryPoint} ${sender} ${nonce}`.toLowerCase()
}
