import type { Client, Hash } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import { UserOperationDroppedError, UserOperationTimeoutError } from '../errors/userOperation.ts'
import type { WaitOptions, WriteClient } from '../types/client.ts'
import { askOperation, type Outcome } from './askOperation.ts'
import { sleep } from './sleep.ts'

export type WaitForOperationParameters = {
  hash: Hash
  /** Milliseconds; the client's by default. */
  timeout?: number | undefined
}

/** Questions for the receipt between two questions whether the bundler still has the operation. */
const asksPerStatus = 5

/** A client that waits. Where it has queues, they are told how the operation ended. */
export type WaitClient = Client & { wait: WaitOptions } & Partial<
    Pick<WriteClient, 'lanes' | 'unanswered'>
  >

/**
 * Waits for the receipt of an operation. A question without an answer is asked again until the time is over.
 * @throws {UserOperationDroppedError} When the bundler no longer has it and it has no receipt.
 * @throws {UserOperationTimeoutError} When the time is over. It keeps the hash: the operation may still be included.
 * @example
 * const hash = await client.claimJob({ jobId })
 * const { receipt } = await waitForOperation(client, { hash })
 */
export async function waitForOperation(
  client: WaitClient,
  { hash, timeout = client.wait.timeout }: WaitForOperationParameters,
): Promise<UserOperationReceipt> {
  const outcome = await askUntil(client, hash, timeout)
  client.lanes?.release(hash)
  client.unanswered?.forget(hash)
  if (outcome instanceof UserOperationDroppedError) throw outcome
  return outcome
}

async function askUntil(client: WaitClient, hash: Hash, timeout: number): Promise<Outcome> {
  const deadline = Date.now() + timeout
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeOver = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeout)
  })
  try {
    let unanswered: Error | undefined
    // Behind a balancer or a second URL, one server may not know yet what another has: it takes two in a row.
    let missing = false
    for (let asked = 1; ; asked += 1) {
      try {
        const outcome: Outcome | undefined = await Promise.race([
          askOperation(client, hash, missing || asked % asksPerStatus === 0),
          timeOver,
        ])
        const isMissing: boolean =
          outcome instanceof UserOperationDroppedError && outcome.reason === 'not_found'
        if (outcome && (missing || !isMissing)) return outcome
        missing = isMissing
        unanswered = undefined
      } catch (error) {
        unanswered = error as Error
      }
      const left = deadline - Date.now()
      if (left <= 0) throw new UserOperationTimeoutError({ hash, timeout, cause: unanswered })
      await sleep(Math.min(client.wait.pollingInterval, left))
    }
  } finally {
    clearTimeout(timer)
  }
}
