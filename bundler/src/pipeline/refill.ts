import type { Address, Hex } from 'viem'
import type { Block } from '../chain/block.ts'
import { getTransactionCount } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { TransactionSender } from '../chain/transactionSender.ts'
import type { Fees } from '../submission/bundleFees.ts'
import type { ExecutorAccount } from '../submission/executorPool.ts'
import { signTransaction } from '../submission/signTransaction.ts'
import type { Refill, RefillPolicy } from '../submission/treasury.ts'
import { nextRefill, TRANSFER_GAS } from '../submission/treasury.ts'

/** Blocks after which a transfer that is not mined yet is made again, on the same nonce. */
const RETRY_BLOCKS = 5

export type RefillDependencies = {
  chainId: number
  reader: Pick<ChainReader, 'request'>
  /** Wei of executors and treasury at the newest block. */
  balances: () => Promise<ReadonlyMap<Address, bigint>>
  sender: TransactionSender
  treasury: ExecutorAccount | undefined
  policy: RefillPolicy
  marketFees: () => Promise<Fees>
  onRefill: (refill: Refill) => void
  /** An executor has less than the threshold; told once until it has more again. */
  onLow: (executor: Address, balance: bigint) => void
}

/**
 * Keeps executors able to pay, out of the treasury if there is one.
 * @returns A function to call after each poll of the chain, which looks once at each block; it throws
 * what the node throws.
 */
export function createRefiller(
  deps: RefillDependencies,
): (head: Pick<Block, 'number' | 'hash'>) => Promise<void> {
  const low = new Set<Address>()
  let looked: Hex | undefined
  let last: { nonce: number; block: number } | undefined

  return async (head) => {
    if (looked === head.hash) return
    looked = head.hash
    const { treasury, policy } = deps
    const balances = await deps.balances()
    const executors = new Map(balances)
    if (treasury) executors.delete(treasury.address)
    for (const [executor, balance] of executors) {
      if (balance >= policy.below) low.delete(executor)
      else if (!low.has(executor)) {
        low.add(executor)
        deps.onLow(executor, balance)
      }
    }
    if (!treasury || low.size === 0) return
    if (last && head.number - last.block < RETRY_BLOCKS) {
      // Until it is mined nobody knows whether another one is needed.
      // Once it is, the balances of a later block tell.
      if ((await getTransactionCount(deps.reader, treasury.address)) > last.nonce) last = undefined
      return
    }
    const fees = await deps.marketFees()
    const refill = nextRefill(executors, policy, {
      treasury: balances.get(treasury.address) ?? 0n,
      maxFeePerGas: fees.maxFeePerGas,
    })
    if (!refill) return
    const nonce = await getTransactionCount(deps.reader, treasury.address)
    const transaction = await signTransaction(
      {
        to: refill.to,
        value: refill.amount,
        data: '0x',
        gas: TRANSFER_GAS,
        authorizations: [],
        operations: [],
      },
      { chainId: deps.chainId, executor: { account: treasury }, nonce, fees },
    )
    last = { nonce, block: head.number }
    const outcome = await deps.sender.send(transaction, { head: head.number, waitedBlocks: 0 })
    if (outcome.type !== 'refused') deps.onRefill(refill)
  }
}
