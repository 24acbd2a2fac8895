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
  /** Of a step that the paymaster service refused. */
  refusal: SponsorRefusal | null
}

/** Why the paymaster service did not pay, as the SDK's SponsorRefusedError has it. */
export type SponsorRefusal = {
  rule: string
  /** What the rule still leaves; wei of a cap in wei. */
  remaining: string | null
  /** Unix seconds; `null` is never. */
  resetsAt: number | null
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

/** Where the budget of an app is: by the paymaster service, and by the chain. Amounts in wei. */
export type AppBudget = {
  app: string
  policyId: string
  /** How long the budget counts. */
  window: string
  /** Unix seconds at which it starts over; `null` is never. */
  resetsAt: number | null
  budget: bigint
  free: bigint
  /** Held back for operations that are signed and not settled. */
  reserved: bigint
  /** Charged for operations, by the app's usage API. */
  settled: bigint
  /** The same by the report of the admin API. */
  reported: bigint
  /** Settled operations, by that report. */
  operations: number
  /** Sum of `actualGasCost` of the UserOperationEvents of operations that the app's policy paid for. */
  charged: bigint
  /** How many these are. */
  chargedOperations: number
}

export type DemoReport = {
  steps: readonly DemoStep[]
  balances: readonly BalanceLine[]
  checks: readonly BalanceCheck[]
  budgets: readonly AppBudget[]
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
    steps: report.steps.map(({ name, ok, userOpHash, gasUsed, payer, latencyMs, refusal }) => ({
      name,
      ok,
      userOpHash,
      gasUsed: gasUsed === null ? null : gasUsed.toString(),
      payer,
      latencyMs,
      refusal,
    })),
    balances,
    budgets: Object.fromEntries(report.budgets.map((budget) => [budget.app, budgetJson(budget)])),
    checks: report.checks.map(({ name, left, right }) => ({
      name,
      left: left.toString(),
      right: right.toString(),
      ok: left === right,
    })),
  }
}

function budgetJson({ app: _, policyId, window, resetsAt, operations, ...rest }: AppBudget) {
  return {
    policyId,
    window,
    resetsAt,
    budget: rest.budget.toString(),
    free: rest.free.toString(),
    reserved: rest.reserved.toString(),
    settled: rest.settled.toString(),
    charged: rest.charged.toString(),
    operations,
  }
}
