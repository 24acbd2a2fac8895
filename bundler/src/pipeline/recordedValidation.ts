import type { SecondValidation } from '../bundling/secondValidation.ts'
import type { CurrentState } from '../chain/stateProbe.ts'
import type { TransactionConditions } from '../chain/transactionSender.ts'
import { nonceOverride } from '../simulation/nonceOverride.ts'
import type { DropReason } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { ValidationDependencies } from '../types/validationRecord.ts'
import { changeSince, stateBehind } from '../validation/record/changes.ts'
import type { Validator } from '../validation/validate.ts'

/** What only a trace finds; whether the EntryPoint takes an operation is for the dry run to say. */
const OF_TRACES = new Set<number>([rpcErrorCode.opcodeViolation, rpcErrorCode.stakeTooLow])
/** What the dry run, which passed, would have found, too. */
const OF_SIMULATION = new Set<number>([
  rpcErrorCode.validationRejected,
  rpcErrorCode.paymasterRejected,
])

/** The second validation by what the first one recorded: traced again only where something changed. */
export function recordedValidation(validator: Pick<Validator, 'revalidate'>): SecondValidation {
  return {
    query: (operations) => stateBehind(operations.flatMap(dependenciesOf)),
    changed: (operations, state) =>
      operations.filter(({ record }) => changeSince(record?.dependencies, state) !== undefined),
    async revalidate({ op, entryPoint, record }, minBlock) {
      try {
        // Its place in the bundle is behind all operations before it on its nonce key.
        const stateOverride = nonceOverride(op, entryPoint)
        const now = await validator.revalidate(op, entryPoint, record, { stateOverride, minBlock })
        const [before, after] = [record?.dependencies, now.record?.dependencies]
        return { verdict: 'valid', ...(before && after && { change: { before, after } }) }
      } catch (error) {
        if (!(error instanceof RpcError) || error.code === rpcErrorCode.nodeUnavailable) throw error
        if (OF_TRACES.has(error.code)) return { verdict: 'invalid', reason: reasonOf(error) }
        // Fees, and times that begin or end soon, were judged when the operation was selected.
        return { verdict: OF_SIMULATION.has(error.code) ? 'unclear' : 'valid' }
      }
    },
    conditions: conditionsOf,
  }
}

function dependenciesOf({ record }: PooledOperation): ValidationDependencies[] {
  return record?.dependencies ? [record.dependencies] : []
}

function reasonOf({ message, data }: RpcError): DropReason {
  const { rule, aaCode } = (data ?? {}) as { rule?: string; aaCode?: string }
  return { rule: aaCode ?? rule ?? 'secondValidation', message }
}

function conditionsOf(
  operations: readonly PooledOperation[],
  state: Pick<CurrentState, 'slots'>,
): TransactionConditions | undefined {
  const knownAccounts: TransactionConditions['knownAccounts'] = {}
  for (const { slots } of operations.flatMap(dependenciesOf)) {
    for (const { address, slot } of slots) {
      const value = state.slots.get(`${address}:${slot}`)
      if (value === undefined) continue
      knownAccounts[address] = { ...knownAccounts[address], [slot]: value }
    }
  }
  if (Object.keys(knownAccounts).length === 0) return undefined
  const ends = operations.flatMap(({ validUntil }) => (validUntil === 0 ? [] : [validUntil]))
  return { knownAccounts, ...(ends.length > 0 && { timestampMax: Math.min(...ends) }) }
}
