import type { Hash } from 'viem'
import { UserOperationDroppedError } from '../errors/userOperation.ts'
import type { WriteClient } from '../types/client.ts'
import type { Outcome } from './askOperation.ts'

/** Tells a client's queues, where it has some, how an operation ended: its nonce lane is free. */
export async function recordOutcome(
  { lanes, sent }: { [name in 'lanes' | 'sent']?: WriteClient[name] | undefined },
  hash: Hash,
  outcome: Outcome,
): Promise<void> {
  lanes?.release(sent?.find(hash)?.hash ?? hash)
  // Another bundler may have what one has dropped: the same calls get its nonce.
  if (outcome instanceof UserOperationDroppedError) sent?.lose(hash, 'dropped')
  else await sent?.forget(hash)
}
