import type { Client, Hash, PublicClient, TransactionReceipt } from 'viem'
import { getUserOperationReceipt, type UserOperationReceipt } from 'viem/account-abstraction'
import type { DemoStep, SponsorRefusal } from '../report/demoReport.ts'

/** Receipts of the operations that the demo sent, for the closing account. */
export type Settled = { receipts: UserOperationReceipt[]; bundles: Map<Hash, TransactionReceipt> }

/** A step failed; the steps after it depend on it. */
export class DemoStepError extends Error {
  override name = 'DemoStepError'
  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

type Clients = {
  bundler: Client
  publicClient: PublicClient
}

type ErrorClass<error extends Error> = abstract new (...args: never[]) => error

/** A step that may be refused. */
type Attempt<result, refusal extends Error> = {
  action: () => Promise<result>
  /** What came of it, in one line. */
  describe: (result: result) => string
  /** Class of the refusal; every other error fails the step. */
  expected: ErrorClass<refusal>
  describeRefusal: (refusal: refusal) => { note: string; refusal: SponsorRefusal }
}

type Failure = { kind: 'failed'; error: unknown; latencyMs: number }

export type StepRunner = ReturnType<typeof createStepRunner>

/** Runs the demo's steps one after the other and keeps what each of them cost. */
export function createStepRunner(onStep: (step: DemoStep) => void) {
  let clients: Clients | undefined
  const steps: DemoStep[] = []
  const settled: Settled = { receipts: [], bundles: new Map() }
  let accepted: Hash[] = []

  const finish = (step: DemoStep) => {
    steps.push(step)
    onStep(step)
  }

  return {
    steps,
    settled,
    onOperation: (hash: Hash) => void accepted.push(hash),
    /** Where the receipts of the steps come from. */
    connect: (connected: Clients) => {
      clients = connected
    },

    /**
     * Runs one step that sends at most one operation.
     * @param describe What came of it, in one line.
     * @throws {@link DemoStepError} after the failed step was recorded.
     */
    async run<result>(
      name: string,
      action: () => Promise<result>,
      describe: (result: result) => string,
    ): Promise<result> {
      const outcome = await perform(name, action, describe)
      if (outcome.kind === 'failed') throw fail(name, outcome)
      return outcome.result
    },

    /**
     * Runs one step that is either sponsored or refused. `undefined` when it was refused: then nothing was sent.
     * @throws {@link DemoStepError} after a step that failed otherwise was recorded.
     */
    async attempt<result, refusal extends Error>(
      name: string,
      { action, describe, expected, describeRefusal }: Attempt<result, refusal>,
    ): Promise<result | undefined> {
      const outcome = await perform(name, action, describe)
      if (outcome.kind === 'done') return outcome.result
      const { error, latencyMs } = outcome
      if (!(error instanceof expected) || accepted.length > 0) throw fail(name, outcome)
      const refused = describeRefusal(error)
      finish({ name: `${name} (refused)`, ok: true, ...noCost, latencyMs, ...refused })
      return undefined
    },

    /** Runs a step that has to be refused with an error of class `expected`, and to send nothing. */
    async refuse(
      name: string,
      action: () => Promise<unknown>,
      expected: ErrorClass<Error>,
    ): Promise<void> {
      accepted = []
      const started = performance.now()
      const refusal = await action().then(
        () => undefined,
        (error: unknown) => error,
      )
      const ok = refusal instanceof expected && accepted.length === 0
      const note = refusal === undefined ? 'was not refused' : firstLine(refusal)
      const latencyMs = Math.round(performance.now() - started)
      finish({ name, ok, ...noCost, latencyMs, note, refusal: null })
    },
  }

  /** Records the step when it succeeds. */
  async function perform<result>(
    name: string,
    action: () => Promise<result>,
    describe: (result: result) => string,
  ): Promise<{ kind: 'done'; result: result } | Failure> {
    accepted = []
    const started = performance.now()
    const elapsed = () => Math.round(performance.now() - started)
    try {
      const result = await action()
      const latencyMs = elapsed()
      const cost = await costOf(accepted)
      finish({ name, ok: true, ...cost, latencyMs, note: describe(result), refusal: null })
      return { kind: 'done', result }
    } catch (error) {
      return { kind: 'failed', error, latencyMs: elapsed() }
    }
  }

  function fail(name: string, { error, latencyMs }: Failure): DemoStepError {
    finish({ name, ok: false, ...noCost, latencyMs, note: firstLine(error), refusal: null })
    return new DemoStepError(name, error)
  }

  async function costOf(hashes: readonly Hash[]) {
    const [hash] = hashes
    if (hash === undefined) return noCost
    if (!clients) throw new Error('the step runner is not connected')
    if (hashes.length > 1) throw new Error(`the step sent ${hashes.length} operations`)
    const receipt = await getUserOperationReceipt(clients.bundler, { hash })
    settled.receipts.push(receipt)
    const { transactionHash } = receipt.receipt
    settled.bundles.set(
      transactionHash,
      await clients.publicClient.getTransactionReceipt({ hash: transactionHash }),
    )
    return {
      userOpHash: hash,
      gasUsed: receipt.actualGasUsed,
      gasCost: receipt.actualGasCost,
      payer: receipt.paymaster ?? receipt.sender,
    }
  }
}

const noCost = { userOpHash: null, gasUsed: null, gasCost: null, payer: null } as const

const firstLine = (error: unknown): string => {
  const name = error instanceof Error ? error.name : 'Error'
  const message = error instanceof Error ? error.message : String(error)
  return `${name}: ${message.split('\n')[0]}`
}
