import type { Hash, PublicClient, TransactionReceipt } from 'viem'
import type { BundlerClient, UserOperationReceipt } from 'viem/account-abstraction'
import type { DemoStep } from '../report/demoReport.ts'

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
  bundler: Pick<BundlerClient, 'getUserOperationReceipt'>
  publicClient: PublicClient
}

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
      accepted = []
      const started = performance.now()
      const elapsed = () => Math.round(performance.now() - started)
      try {
        const result = await action()
        const latencyMs = elapsed()
        const cost = await costOf(accepted)
        finish({ name, ok: true, ...cost, latencyMs, note: describe(result) })
        return result
      } catch (error) {
        finish({ name, ok: false, ...noCost, latencyMs: elapsed(), note: firstLine(error) })
        throw new DemoStepError(name, error)
      }
    },

    /** Runs a step that has to be refused with an error of class `expected`. */
    async refuse(
      name: string,
      action: () => Promise<unknown>,
      expected: abstract new (...args: never[]) => Error,
    ): Promise<void> {
      const started = performance.now()
      const refusal = await action().then(
        () => undefined,
        (error: unknown) => error,
      )
      const ok = refusal instanceof expected
      const note = refusal === undefined ? 'was not refused' : firstLine(refusal)
      finish({ name, ok, ...noCost, latencyMs: Math.round(performance.now() - started), note })
    },
  }

  async function costOf(hashes: readonly Hash[]) {
    const [hash] = hashes
    if (hash === undefined) return noCost
    if (!clients) throw new Error('the step runner is not connected')
    if (hashes.length > 1) throw new Error(`the step sent ${hashes.length} operations`)
    const receipt = await clients.bundler.getUserOperationReceipt({ hash })
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
