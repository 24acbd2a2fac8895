import type { Address } from 'viem'

export type RefillPolicy = {
  /** Wei below which an executor is refilled. */
  below: bigint
  /** Wei that it has afterwards. */
  upTo: bigint
}

/** Gas of a plain transfer. */
export const TRANSFER_GAS = 21_000n

export type Refill = { to: Address; amount: bigint }

/**
 * The refill that is needed most: of the poorest executor below the threshold, as far as the treasury
 * reaches. One at a time, so that a repeated one has the same nonce and cannot be paid twice.
 * @param treasury Wei of the treasury.
 * @param maxFeePerGas Wei per gas, of the transfer.
 */
export function nextRefill(
  balances: ReadonlyMap<Address, bigint>,
  policy: RefillPolicy,
  { treasury, maxFeePerGas }: { treasury: bigint; maxFeePerGas: bigint },
): Refill | undefined {
  const [poorest] = [...balances]
    .filter(([, balance]) => balance < policy.below)
    .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
  if (!poorest) return undefined
  const [to, balance] = poorest
  const wanted = policy.upTo - balance
  const available = treasury - TRANSFER_GAS * maxFeePerGas
  const amount = wanted < available ? wanted : available
  // Less than brings the executor over the threshold would only be spent on transfers.
  return balance + amount < policy.below ? undefined : { to, amount }
}
