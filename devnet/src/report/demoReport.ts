import type { Address, Hex } from 'viem'

/** One step of the demo. A step without an operation (a signature, say) has no hash, gas or payer. */
export type DemoStep = {
  name: string
  ok: boolean
  userOpHash: Hex | null
  /** `actualGasUsed` of the UserOperationEvent: the gas that was paid for, in gas. */
  gasUsed: bigint | null
  /** `actualGasCost` of the UserOperationEvent in wei. Not part of the JSON. */
  gasCost: bigint | null
  /** Who paid for the gas: the paymaster, or the sender itself. */
  payer: Address | null
  /** From the call of the action to its receipt. */
  latencyMs: number
  /** What came of it in one line, or the error of a failed step. */
  note: string
}

/** One amount of the closing account. */
export type BalanceLine = {
  /** Path in the JSON, for example `usdc.host`. */
  key: string
  label: string
  amount: bigint
  decimals: number
  symbol: string
}

/** An equation between amounts that must hold to the wei. */
export type BalanceCheck = { name: string; left: bigint; right: bigint }

export type DemoReport = {
  steps: readonly DemoStep[]
  balances: readonly BalanceLine[]
  checks: readonly BalanceCheck[]
  /** Why the demo ended early. */
  cause?: Error
}

/** Every step passed and every equation holds. */
export function isOk({ steps, checks, cause }: DemoReport): boolean {
  return (
    cause === undefined &&
    steps.every(({ ok }) => ok) &&
    checks.every(({ left, right }) => left === right)
  )
}

/** The object that `--json` prints: amounts are decimal text in the smallest unit. */
export function toJson(report: DemoReport) {
  const balances: Record<string, Record<string, string>> = {}
  for (const { key, amount } of report.balances) {
    const [token = key, name = 'total'] = key.split('.')
    balances[token] = { ...balances[token], [name]: amount.toString() }
  }
  return {
    ok: isOk(report),
    steps: report.steps.map(({ name, ok, userOpHash, gasUsed, payer, latencyMs }) => ({
      name,
      ok,
      userOpHash,
      gasUsed: gasUsed === null ? null : gasUsed.toString(),
      payer,
      latencyMs,
    })),
    balances,
  }
}
