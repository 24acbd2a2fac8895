import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { concat, keccak256, maxUint256, numberToHex, pad } from 'viem'
import type { StateOverride } from '../chain/reader.ts'
import { smallerOf } from '../math/amounts.ts'

/** `deposits` is the first variable of every EntryPoint (StakeManager is its first base with storage). */
const depositsSlot = pad('0x00')

/**
 * Wei; fits the 112 bits of a 0.6 deposit, with the stake bits beside it left at zero, and any cost of an operation whose
 * fees fit its prefund.
 */
export const ampleWei = 1n << 100n

/**
 * State in which the payer of `op` can afford any limits: a paymaster by its deposit. A sender has no
 * deposit and an ample balance, so that it pays in its prefund however large that is.
 */
export function ampleFunding(
  { sender, paymaster }: UserOperation,
  entryPoint: EntryPointAdapter,
): StateOverride {
  if (paymaster) return depositOverride(paymaster, ampleWei, entryPoint)
  return {
    [sender]: { balance: numberToHex(ampleWei) },
    ...depositOverride(sender, 0n, entryPoint),
  }
}

/**
 * State in which the payer of `op` can afford its limits. A sender is given what is missing, and keeps its
 * deposit: whether it has to pay some of its prefund in is decided as it will be.
 * @param funds Of the sender, in wei.
 */
export function missingFunding(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  { balance, deposit }: { balance: bigint; deposit: bigint },
): StateOverride {
  if (op.paymaster) return depositOverride(op.paymaster, ampleWei, entryPoint)
  const missing = entryPoint.requiredPrefund(op) - deposit
  if (missing <= 0n) return {}
  // A caller may override the balance with the largest word there is.
  return { [op.sender]: { balance: numberToHex(smallerOf(balance + missing, maxUint256)) } }
}

function depositOverride(account: Address, deposit: bigint, entryPoint: EntryPointAdapter) {
  const slot = keccak256(concat([pad(account), depositsSlot]))
  return {
    [entryPoint.address]: { stateDiff: { [slot]: numberToHex(deposit, { size: 32 }) } },
  }
}
