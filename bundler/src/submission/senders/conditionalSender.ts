import { numberToHex } from 'viem'
import type { ChainReader } from '../../chain/reader.ts'
import type { TransactionConditions, TransactionSender } from '../../chain/transactionSender.ts'
import { createTransactionSender, outcomeOf } from '../../chain/transactionSender.ts'

/** Slots that sequencers check for one transaction at most (op-geth). */
const MAX_SLOTS = 1_000

/**
 * Sends with the condition that what validation depended on is unchanged: a sequencer then drops a
 * bundle that would revert instead of including it at the executor's cost. Bytes that are sent again
 * carry none.
 */
export function createConditionalSender(reader: Pick<ChainReader, 'request'>): TransactionSender {
  const plain = createTransactionSender(reader)
  return {
    send(transaction, context) {
      const { conditions } = context
      if (!conditions || slotCount(conditions) > MAX_SLOTS) return plain.send(transaction, context)
      const { knownAccounts, timestampMax } = conditions
      return outcomeOf(() =>
        reader.request('eth_sendRawTransactionConditional', [
          transaction.raw,
          {
            knownAccounts,
            ...(timestampMax !== undefined && { timestampMax: numberToHex(timestampMax) }),
          },
        ]),
      )
    },
  }
}

function slotCount({ knownAccounts }: TransactionConditions): number {
  return Object.values(knownAccounts).reduce((sum, slots) => sum + Object.keys(slots).length, 0)
}
