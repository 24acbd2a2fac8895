import type { TransactionSender } from '../../chain/transactionSender.ts'
import { combineOutcomes } from './relaySender.ts'

/** Sends to all at once: whoever is fastest includes it. */
export function fanOut(senders: readonly TransactionSender[]): TransactionSender {
  const [first, ...others] = senders
  if (first && others.length === 0) return first
  return {
    async send(transaction, context) {
      return combineOutcomes(
        await Promise.all(senders.map((sender) => sender.send(transaction, context))),
      )
    },
  }
}

/**
 * Private first; after `afterBlocks` blocks without inclusion the public pool gets the same bytes too.
 * @param afterBlocks 0 for never.
 */
export function withFallback(
  privately: TransactionSender,
  publicly: TransactionSender,
  afterBlocks: number,
): TransactionSender {
  const both = fanOut([publicly, privately])
  return {
    send(transaction, context) {
      const late = afterBlocks > 0 && context.waitedBlocks >= afterBlocks
      return (late ? both : privately).send(transaction, context)
    },
  }
}
