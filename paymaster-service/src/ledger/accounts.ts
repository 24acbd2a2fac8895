/** One signed (or about to be signed) operation, as the accounts see it. */
export type Entry = {
  /** Account of the policy's current window that the entry counts in. */
  globalBucket: string
  /** Account of its sender; `undefined` when the policy has no cap for users. */
  userBucket: string | undefined
  /** Upper bound of the cost, wei. */
  amount: bigint
  state: 'reserved' | 'settled' | 'released'
  /** Wei that were charged, when settled. */
  cost: bigint
}

export type Balance = { reserved: bigint; settled: bigint }

/**
 * What the entries of one (sender, nonce) commit in each bucket. At most one of them can be charged,
 * so of those that are still reserved only the largest counts.
 */
export function commitments(entries: readonly Entry[]): Map<string, Balance> {
  const balances = new Map<string, Balance>()
  const groups = Map.groupBy(entries, (entry) => `${entry.globalBucket} ${entry.userBucket}`)
  for (const group of groups.values()) {
    const [first] = group
    const reserved = reservedAmount(group)
    const settled = group.reduce(
      (sum, { state, cost }) => (state === 'settled' ? sum + cost : sum),
      0n,
    )
    for (const bucket of [first?.globalBucket, first?.userBucket]) {
      if (bucket === undefined) continue
      const sum = balances.get(bucket) ?? { reserved: 0n, settled: 0n }
      balances.set(bucket, { reserved: sum.reserved + reserved, settled: sum.settled + settled })
    }
  }
  return balances
}

/** Largest amount that is reserved among `entries`, wei. */
export function reservedAmount(entries: readonly Entry[]): bigint {
  return entries.reduce(
    (max, { state, amount }) => (state === 'reserved' && amount > max ? amount : max),
    0n,
  )
}

/** How each bucket moves when the entries of one (sender, nonce) change from `before` to `after`. */
export function movements(before: readonly Entry[], after: readonly Entry[]): Map<string, Balance> {
  const moved = commitments(after)
  for (const [bucket, { reserved, settled }] of commitments(before)) {
    const sum = moved.get(bucket) ?? { reserved: 0n, settled: 0n }
    moved.set(bucket, { reserved: sum.reserved - reserved, settled: sum.settled - settled })
  }
  return moved
}
