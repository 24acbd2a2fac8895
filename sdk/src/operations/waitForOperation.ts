import type { Client, Hash } from 'viem'
import type { SmartAccount, UserOperationReceipt } from 'viem/account-abstraction'
import { UserOperationDroppedError, UserOperationTimeoutError } from '../errors/userOperation.ts'
import type { WaitOptions, WriteClient } from '../types/client.ts'
import { askOperation, type Outcome } from './askOperation.ts'
import { pause } from './pause.ts'
import { recordOutcome } from './recordOutcome.ts'
import { within } from './within.ts'

export type WaitForOperationParameters = {
  hash: Hash
  /** Milliseconds; the client's by default. */
  timeout?: number | undefined
}

/** Questions for the receipt between two questions whether the bundler still has the operation. */
const asksPerStatus = 5

/**
 * A client that waits. Where it has queues, they are told how the operation ended; where it knows the chain, the chain
 * is asked before an operation counts as dropped.
 */
export type WaitClient = Client & { wait: WaitOptions } & {
  [name in 'lanes' | 'sent' | 'client']?: WriteClient[name] | undefined
}

/**
 * Waits for the receipt of an operation. A question without an answer is asked again until the time is over.
 * @throws {UserOperationDroppedError} When the bundler no longer has it and it is not on chain.
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
  await recordOutcome(client, hash, outcome)
  if (outcome instanceof UserOperationDroppedError) throw outcome
  return outcome
}

async function askUntil(client: WaitClient, hash: Hash, timeout: number): Promise<Outcome> {
  const deadline = Date.now() + timeout
  let unanswered: Error | undefined
  // Behind a balancer or a second URL, one server may not know what another has: it takes two in a row.
  let dropped = false
  let resent = false
  for (let asked = 1; ; asked += 1) {
    try {
      const asking = askOperation(client, hash, dropped || asked % asksPerStatus === 0)
      const outcome = await within(Math.max(deadline - Date.now(), 0), asking)
      if (outcome && !(outcome instanceof UserOperationDroppedError)) return outcome
      if (outcome && dropped) {
        if (resent || outcome.reason !== 'not_found' || !(await resend(client, hash)))
          return outcome
        resent = true
      }
      dropped = outcome !== undefined && !dropped
      unanswered = undefined
    } catch (error) {
      unanswered = error as Error
    }
    if (!(await pause(client, deadline)))
      throw new UserOperationTimeoutError({ hash, timeout, cause: unanswered })
  }
}

/** Sends it to all of several bundlers ({@link failover}): one of them took it and forgot it. */
async function resend({ transport, account, sent }: WaitClient, hash: Hash): Promise<boolean> {
  const { resend } = transport as { resend?: (params: unknown[]) => Promise<unknown> }
  const operation = sent?.find(hash)
  if (!resend || !operation) return false
  await resend([operation.request, (account as SmartAccount).entryPoint.address])
  return true
}
