import { numberToHex } from 'viem'
import type { ChainReader } from '../../chain/reader.ts'
import type { SendOutcome, TransactionSender } from '../../chain/transactionSender.ts'
import { outcomeOf } from '../../chain/transactionSender.ts'

/** Blocks for which a relay keeps a private transaction (Flashbots: 25). */
const PRIVATE_BLOCKS = 25
/** Blocks that a Flashbots bundle is offered for at once: each is valid for one. */
const BUNDLE_BLOCKS = 3

/** `eth_sendPrivateTransaction`: the relay keeps it out of the public pool until it is included. */
export function createPrivateTransactionSender(
  relay: Pick<ChainReader, 'request'>,
): TransactionSender {
  return {
    send: ({ raw }, { head }) =>
      outcomeOf(() =>
        relay.request('eth_sendPrivateTransaction', [
          { tx: raw, maxBlockNumber: numberToHex(head + PRIVATE_BLOCKS) },
        ]),
      ),
  }
}

/** `eth_sendBundle` with the one transaction, for the next blocks; a transaction that reverts is left out. */
export function createRelayBundleSender(relay: Pick<ChainReader, 'request'>): TransactionSender {
  return {
    async send({ raw }, { head }) {
      const blocks = Array.from({ length: BUNDLE_BLOCKS }, (_, index) => head + 1 + index)
      const outcomes = await Promise.all(
        blocks.map((block) =>
          outcomeOf(() =>
            relay.request('eth_sendBundle', [{ txs: [raw], blockNumber: numberToHex(block) }]),
          ),
        ),
      )
      return combineOutcomes(outcomes)
    },
  }
}

/**
 * What the answers of several receivers say together: one has it, or it may be somewhere, or, only
 * when all refused it, it is nowhere.
 */
export function combineOutcomes(outcomes: readonly SendOutcome[]): SendOutcome {
  const of = (type: SendOutcome['type']) => outcomes.find((outcome) => outcome.type === type)
  return (
    of('accepted') ??
    of('nonceTooLow') ??
    of('unknown') ??
    of('refused') ?? { type: 'unknown', message: 'there is nobody to send to' }
  )
}
