/** What bounds top-ups. Wei and seconds. */
export type TopUpRules = {
  /** A deposit below this is topped up … */
  below: bigint
  /** … to this. */
  to: bigint
  /** Most in 24 hours, over all paymasters. */
  dayMax: bigint
  /** Seconds between two top-ups of one paymaster. */
  cooldown: number
}

export type TopUpState = {
  now: number
  /** Wei at the EntryPoint. */
  deposit: bigint
  /** What the vault would hand out now: its budget for the paymaster, its balance. */
  vault: { available: bigint; dailyCap: bigint; balance: bigint }
  /** Top-ups of the last 24 hours and those under way, of all paymasters. */
  recent: readonly { isThisOne: boolean; amount: bigint; at: number; underWay: boolean }[]
}

export type TopUpPlan =
  | { kind: 'topUp'; amount: bigint }
  | { kind: 'none'; reason: 'enough' | 'underWay' | 'cooldown' }
  /** Somebody has to do something: the deposit is low and stays so. */
  | { kind: 'blocked'; reason: string }

/** Seconds. */
const topUpDay = 86_400

/** Whether to top up, and by how much. */
export function planTopUp(
  { below, to, dayMax, cooldown }: TopUpRules,
  { now, deposit, vault, recent }: TopUpState,
): TopUpPlan {
  if (deposit >= below) return { kind: 'none', reason: 'enough' }
  // One after another: they share the keeper's nonce.
  if (recent.some(({ underWay }) => underWay)) return { kind: 'none', reason: 'underWay' }
  if (recent.some(({ isThisOne, at }) => isThisOne && now - at < cooldown))
    return { kind: 'none', reason: 'cooldown' }
  const today = recent.filter(({ at }) => now - at < topUpDay)
  const spent = today.reduce((sum, { amount }) => sum + amount, 0n)
  if (spent >= dayMax) return blocked(`${spent} of ${dayMax} wei were topped up within 24 hours`)
  if (vault.dailyCap === 0n) return blocked('the vault does not list the paymaster')
  if (vault.balance === 0n) return blocked('the vault is empty')
  if (vault.available === 0n)
    return blocked(`the vault's cap of ${vault.dailyCap} wei a day is used up`)
  const amount = least([
    to - deposit,
    dayMax - spent,
    vault.available,
    vault.balance,
    // The vault lifts no deposit above its cap of a day.
    vault.dailyCap - deposit,
  ])
  if (amount <= 0n)
    return blocked(
      `the vault lifts no deposit above ${vault.dailyCap} wei, and ${deposit} are there`,
    )
  return { kind: 'topUp', amount }
}

function blocked(reason: string): TopUpPlan {
  return { kind: 'blocked', reason }
}

function least(values: readonly bigint[]): bigint {
  return [...values].sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n
}
