import type { Address, Hex } from 'viem'
import type { RpcTransactionReceipt } from '../chain/block.ts'
import { getTransactionReceipt } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'
import { ChainError } from '../chain/reader.ts'
import { buildInclusion } from '../receipts/buildReceipt.ts'
import { decodeUserOperationEvents } from '../receipts/userOperationEvent.ts'
import type { BundleRegistry } from '../submission/bundleRegistry.ts'
import { RpcError } from '../types/rpcError.ts'
import type { Inclusion } from '../types/userOperationEvent.ts'

export type PreconfirmationDependencies = {
  reader: Pick<ChainReader, 'request'>
  entryPoints: readonly Address[]
  bundles: Pick<BundleRegistry, 'carrierOf'>
  /** Milliseconds that an answer of the node is used for. */
  maxAgeMs: number
  /** Unix milliseconds. */
  now: () => number
}

/**
 * Finds operations in flight that the chain has preconfirmed: with Flashblocks a node has the receipt of
 * a transaction before its block is sealed. Such a block can vanish, so nothing is written because of it,
 * and the node is asked only when a client asks. Who asks while it answers, or soon after, shares one request.
 * @returns A function that answers `undefined` also when the node does not answer: a preconfirmation is
 * more than a client may count on.
 */
export function createPreconfirmations(
  deps: PreconfirmationDependencies,
): (hash: Hex) => Promise<Inclusion | undefined> {
  const { reader, entryPoints, bundles, maxAgeMs, now } = deps
  type Asked = {
    receipt: Promise<RpcTransactionReceipt | undefined>
    /** Absent while the node has not answered. */
    answeredAt?: number
  }
  const asked = new Map<Hex, Asked>()

  function receiptOf(transaction: Hex): Asked['receipt'] {
    const oldest = now() - maxAgeMs
    for (const [hash, { answeredAt }] of asked) {
      if (answeredAt !== undefined && answeredAt <= oldest) asked.delete(hash)
    }
    const known = asked.get(transaction)
    if (known) return known.receipt
    const asking: Asked = {
      receipt: ask(transaction).finally(() => {
        asking.answeredAt = now()
      }),
    }
    asked.set(transaction, asking)
    return asking.receipt
  }

  async function ask(transaction: Hex): Asked['receipt'] {
    try {
      return await getTransactionReceipt(reader, transaction)
    } catch (error) {
      if (error instanceof RpcError || error instanceof ChainError) return undefined
      throw error
    }
  }

  return async (hash) => {
    const carriers = bundles
      .carrierOf(hash)
      ?.transactions.filter(({ operations }) => operations.includes(hash))
    if (!carriers) return undefined
    const receipts = await Promise.all(carriers.map((carrier) => receiptOf(carrier.hash)))
    for (const receipt of receipts) {
      // Some nodes tell what is in no block yet with null for where it stands.
      if (!receipt?.blockNumber) continue
      const events = decodeUserOperationEvents(receipt.logs, entryPoints)
      const event = events.find(({ userOpHash }) => userOpHash === hash)
      if (event) return buildInclusion(event, receipt)
    }
    return undefined
  }
}
