import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { concat, keccak256, maxUint256, numberToHex, pad } from 'viem'
import { getDeposit } from '../chain/entryPointState.ts'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import { smallerOf } from '../math/amounts.ts'

/** `deposits` is the first variable of every EntryPoint (StakeManager is its first base with storage). */
const depositsSlot = pad('0x00')

/** Wei; fits the 112 bits of a 0.6 deposit, with the stake bits beside it left at zero. */
const ampleDeposit = 1n << 100n

/** State in which the payer of `op` can afford its limits. */
export type Funding = (op: UserOperation) => StateOverride

/**
 * While limits are searched they are far larger than the operation's own. A sender is given what its
 * prefund takes out of its balance, and no more: its call must find the balance that it has. A paymaster
 * is given a deposit.
 * @param callerOverride The caller's own, of which a sender balance counts.
 */
export async function createFunding(
  { sender, paymaster }: UserOperation,
  entryPoint: EntryPointAdapter,
  {
    reader,
    callerOverride,
  }: { reader: Pick<ChainReader, 'call' | 'request'>; callerOverride: StateOverride },
): Promise<Funding> {
  if (paymaster) return (op) => depositOverride(op, entryPoint)
  const given = Object.entries(callerOverride).find(
    ([address]) => address.toLowerCase() === sender.toLowerCase(),
  )?.[1].balance
  const [balance, deposit] = await Promise.all([
    given ?? (reader.request('eth_getBalance', [sender, 'latest']) as Promise<string>),
    getDeposit(reader, entryPoint.address, sender),
  ])
  return (op) => {
    const missing = entryPoint.requiredPrefund(op) - deposit
    if (op.paymaster || missing <= 0n) return depositOverride(op, entryPoint)
    // A caller may override the balance with the largest word there is.
    return { [sender]: { balance: numberToHex(smallerOf(BigInt(balance) + missing, maxUint256)) } }
  }
}

function depositOverride({ paymaster }: UserOperation, entryPoint: EntryPointAdapter) {
  if (!paymaster) return {}
  const slot = keccak256(concat([pad(paymaster), depositsSlot]))
  return {
    [entryPoint.address]: { stateDiff: { [slot]: numberToHex(ampleDeposit, { size: 32 }) } },
  }
}
