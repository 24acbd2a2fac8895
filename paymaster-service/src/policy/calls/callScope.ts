import type { Address } from 'viem'
import { sameAddress } from '../../addresses/sameAddress.ts'
import { decodeExactly } from '../accounts/abiCodec.ts'
import { executionSelectors } from '../accounts/accountShape.ts'
import type { InnerCall } from '../accounts/innerCall.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { CallRule, CallTable } from './callTable.ts'
import { callKey } from './callTable.ts'
import { selectorOf } from './selectors.ts'

/** Rules `calls.empty`, `calls.nested`, `calls.not-allowed`, `calls.argument` and `calls.value`: every inner call must be one that the policy lists. */
export function checkCallScope(
  table: CallTable,
  { sender, calls, deploys }: { sender: Address; calls: readonly InnerCall[]; deploys: boolean },
): Refusal | undefined {
  // An operation that only deploys has a use; one that does nothing only spends.
  if (calls.length === 0 && !deploys) return refuse('calls.empty', 'the operation calls nothing')
  for (const [index, call] of calls.entries()) {
    const refusal = checkCall(table, sender, call, index)
    if (refusal) return refusal
  }
  return undefined
}

function checkCall(
  table: CallTable,
  sender: Address,
  call: InnerCall,
  index: number,
): Refusal | undefined {
  const { target, data, value } = call
  const isAccount = sameAddress(target, sender)
  const selector = selectorOf(data)
  const name = `call ${index} to ${isAccount ? 'the account itself' : target}, function ${selector ?? '(none)'}`
  // Not even where it is listed: what it holds was not looked at.
  if (isAccount && selector && executionSelectors.has(selector))
    return refuse('calls.nested', `${name}, holds calls of its own`)
  const rules = selector && table.get(callKey(isAccount ? 'account' : target, selector))
  if (!rules) return refuse('calls.not-allowed', `${name}, is not sponsored`)
  const fitting = rules.filter((rule) => argumentsHold(rule, sender, data))
  if (fitting.length === 0)
    return refuse('calls.argument', `${name}, has an argument that is not sponsored`)
  if (fitting.some(({ maxValue }) => maxValue === undefined || value <= maxValue)) return undefined
  const most = fitting.reduce(
    (greatest, { maxValue = 0n }) => (maxValue > greatest ? maxValue : greatest),
    0n,
  )
  return refuse('calls.value', `${name}, carries ${value} wei, more than ${most} wei`)
}

function argumentsHold(
  { arguments: conditions }: CallRule,
  sender: Address,
  data: InnerCall['data'],
): boolean {
  if (!conditions) return true
  const given = decodeExactly(conditions.codec, data.slice(10).toLowerCase())
  return given !== undefined && conditions.checks.every((check) => check(given, sender))
}
