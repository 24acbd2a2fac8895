import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { getContractAddress } from 'viem'
import type { Creation } from '../chain/chainReader.ts'
import type { Policy } from '../policy/policy.ts'

/** An operation and the policies that decide what of its sender has to be known. */
type SenderQuestion = {
  op: UserOperation
  entryPoint: Pick<EntryPointAdapter, 'address'>
  policies: readonly Policy[]
}

/** What the chain is asked to try: only factories of the policies, not whatever a client names. */
export function creationOf({ op, entryPoint, policies }: SenderQuestion): Creation | undefined {
  const { factory, factoryData = '0x' } = op
  if (!factory || !policies.some(({ accounts }) => accounts.factories.has(factory.toLowerCase())))
    return undefined
  // The EntryPoint makes it in its constructor, as its first contract.
  const caller = getContractAddress({ from: entryPoint.address, nonce: 1n })
  return { factory, factoryData, caller }
}

/** What has to be read of a sender before it is known what it does. */
export function slotsOf({ policies }: Pick<SenderQuestion, 'policies'>): readonly Hex[] {
  return [...new Set(policies.flatMap(({ accounts }) => accounts.slots))]
}
