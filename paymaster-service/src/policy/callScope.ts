import type { Address, Hex } from 'viem'
import { isAddressEqual, pad, size, slice } from 'viem'
import type { InnerCall } from './decodeCalls.ts'
import { decodeCalls } from './decodeCalls.ts'
import type { ArgumentRule, Policy } from './policy.ts'
import { callKey } from './policy.ts'
import type { Refusal } from './refusal.ts'

/** Rules `calls.*`: every inner call must be one that the policy lists. */
export function checkCallScope(
  policy: Pick<Policy, 'calls'>,
  { sender, callData, deploys }: { sender: Address; callData: Hex; deploys: boolean },
): Refusal | undefined {
  const calls = decodeCalls(sender, callData)
  if (!calls) {
    return {
      rule: 'calls.not-decodable',
      message: `calls.not-decodable: call data ${shorten(callData)} is not a known form of execute, executeBatch or a session-key function`,
    }
  }
  // An operation that only deploys has a use; one that does nothing only spends.
  if (calls.length === 0 && !deploys)
    return { rule: 'calls.empty', message: 'calls.empty: the operation calls nothing' }
  for (const [index, call] of calls.entries()) {
    const refusal = checkCall(policy, sender, call, index)
    if (refusal) return refusal
  }
  return undefined
}

function checkCall(
  { calls }: Pick<Policy, 'calls'>,
  sender: Address,
  { target, data }: InnerCall,
  index: number,
): Refusal | undefined {
  const isAccount = isAddressEqual(target, sender)
  const selector = size(data) >= 4 ? slice(data, 0, 4) : undefined
  const alternatives = selector && calls.get(callKey(isAccount ? 'account' : target, selector))
  if (!alternatives) {
    return {
      rule: 'calls.not-allowed',
      message: `calls.not-allowed: call ${index} to ${isAccount ? 'the account itself' : target}, function ${selector ?? '(none)'}, is not sponsored`,
    }
  }
  if (alternatives.some((rules) => rules.every((rule) => holds(rule, sender, data))))
    return undefined
  return {
    rule: 'calls.argument',
    message: `calls.argument: call ${index} to ${target}, function ${selector}, has an argument that is not sponsored`,
  }
}

function holds({ index, words }: ArgumentRule, sender: Address, data: Hex): boolean {
  const start = 4 + 32 * index
  if (size(data) < start + 32) return false
  const word = slice(data, start, start + 32).toLowerCase()
  return words.some((allowed) => word === (allowed === 'account' ? wordOf(sender) : allowed))
}

function wordOf(address: Address): string {
  return pad(address, { size: 32 }).toLowerCase()
}

function shorten(data: Hex): string {
  return data.length > 20 ? `${data.slice(0, 18)}…` : data
}
