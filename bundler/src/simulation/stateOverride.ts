import type { UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { concat } from 'viem'
import type { StateOverride } from '../chain/reader.ts'

type AccountOverride = StateOverride[Address]

/** The sender as its EIP-7702 authorization will make it: the bundle carries the authorization. */
export function delegationOverride(op: UserOperation): StateOverride {
  if (!op.eip7702Auth) return {}
  return { [op.sender]: { code: concat(['0xef0100', op.eip7702Auth.address]) } }
}

/** One override for all; of two values for the same field or slot the later one counts. */
export function mergeStateOverrides(...overrides: readonly StateOverride[]): StateOverride {
  const merged = new Map<string, [Address, AccountOverride]>()
  for (const override of overrides) {
    for (const [address, fields] of Object.entries(override) as [Address, AccountOverride][]) {
      const key = address.toLowerCase()
      merged.set(key, [address, mergeAccount(merged.get(key)?.[1], fields)])
    }
  }
  return Object.fromEntries(merged.values())
}

/** Nodes refuse `state` (the whole storage) together with `stateDiff`, so single slots join it. */
function mergeAccount(before: AccountOverride = {}, after: AccountOverride): AccountOverride {
  const { stateDiff: _beforeSlots, ...kept } = before
  const { stateDiff: _afterSlots, ...added } = after
  const fields = { ...kept, ...added }
  const slots = { ...before.stateDiff, ...after.stateDiff }
  if (Object.keys(slots).length === 0) return fields
  if (fields.state) return { ...fields, state: { ...fields.state, ...slots } }
  return { ...fields, stateDiff: slots }
}
