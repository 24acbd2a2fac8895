import type { Logger } from 'pino'
import type { Address, Hash } from 'viem'
import type { Store } from '../store/store.ts'
import type { Call, KeeperWallet, Outcome } from './keeperWallet.ts'
import type { KeeperTables } from './tables.ts'
import type { KeeperTransaction } from './transactionStore.ts'
import {
  endTransaction,
  insertTransaction,
  recentTransactions,
  replaceTransaction,
} from './transactionStore.ts'

export type KeeperParameters = {
  chainId: number
  store: Store
  wallet: KeeperWallet
  /** Unix seconds. */
  clock: () => number
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Told how a transaction ended, once over all instances. */
  onEnd?: (transaction: KeeperTransaction) => void
}

export type Submission = {
  paymaster: Address
  /** Whose price is updated; absent for a top-up. */
  token?: Address
  call: Call
  /** Wei that count for it. @param maxCost Wei that the transaction costs at most. */
  amount: (maxCost: bigint) => bigint
  /** Whether it still is to be sent, seen from the transactions of the last day and those under way. */
  agreed: (recent: readonly KeeperTransaction[], amount: bigint) => boolean
}

/** Sends the service's own transactions, one after another over all instances: they share the keeper's nonce. */
export type Keeper = {
  address: Address
  /** Sees what became of those under way, sends them again while nobody knows, and with more fee when they are stuck. */
  settle(): Promise<void>
  /** Transactions of the last day, and those under way. */
  recent(): Promise<readonly KeeperTransaction[]>
  /** Sends one, when none is under way and everything still agrees under the lock. */
  submit(submission: Submission): Promise<'sent' | 'held' | 'tooExpensive'>
}

/** Seconds of a day. */
const day = 86_400
/** Seconds after which a transaction that is in no block is called stuck. */
export const stuckAfter = 60

/**
 * A transaction is written down, signed, before it is sent, under a lock and with everything that bounds
 * it. Whoever finds one under way sends the same bytes again, so a process that dies in between costs
 * nothing twice. One that is stuck is signed again with the same nonce and more fee, up to what may be
 * bid: at most one of them can be mined, whichever it is.
 */
export function createKeeper({
  chainId,
  store,
  wallet,
  clock,
  log,
  onEnd,
}: KeeperParameters): Keeper {
  const db = store.db.withTables<KeeperTables>()
  const since = () => clock() - day
  const recent = () => store.read(() => recentTransactions(db, { chainId, since: since() }))
  /** Those that may not bid more, so that it is logged once. */
  const highest = new Set<Hash>()

  const fieldsOf = ({ paymaster, token, amount, nonce }: KeeperTransaction) => ({
    paymaster,
    ...(token === undefined ? {} : { token }),
    amountWei: `${amount}`,
    nonce,
  })

  async function push(transaction: KeeperTransaction): Promise<void> {
    const at = clock()
    if (at - transaction.signedAt < stuckAfter) return wallet.send(transaction.raw)
    const bumped = await wallet.bump(transaction.raw)
    if (!bumped) {
      if (!highest.has(transaction.hash))
        log.error(fieldsOf(transaction), 'a transaction of the keeper is stuck at the highest fee')
      highest.add(transaction.hash)
      return wallet.send(transaction.raw)
    }
    const isMine = await store.transaction((trx) =>
      replaceTransaction(trx.withTables<KeeperTables>(), transaction, { ...bumped, at }),
    )
    // Another instance was faster: its transaction is sent with the next look.
    if (!isMine) return
    log.warn(
      { ...fieldsOf(transaction), transactionHash: bumped.hash },
      'a transaction of the keeper is stuck and is sent with more fee',
    )
    await wallet.send(bumped.raw)
  }

  async function end(
    transaction: KeeperTransaction,
    outcome: Exclude<Outcome, { state: 'pending' }>,
  ): Promise<void> {
    const { state } = outcome
    // What an update cost is known now; a top-up brings what it brings.
    const cost = state === 'replaced' ? 0n : outcome.cost
    const amount = transaction.token === undefined ? transaction.amount : cost
    const { hash } = transaction
    const isNews = await store.transaction((trx) =>
      endTransaction(trx.withTables<KeeperTables>(), { hash, state, amount }),
    )
    if (!isNews) return
    highest.delete(hash)
    const ended = { ...transaction, state, amount }
    const fields = {
      ...fieldsOf(ended),
      transactionHash: state === 'replaced' ? hash : outcome.hash,
    }
    if (state === 'done') log.info(fields, 'a transaction of the keeper came through')
    else log.error({ ...fields, state }, 'a transaction of the keeper did not come through')
    onEnd?.(ended)
  }

  return {
    address: wallet.keeper,
    recent,
    async settle() {
      for (const transaction of await recent()) {
        if (transaction.state !== 'sent') continue
        const outcome = await wallet.outcome(transaction)
        if (outcome.state === 'pending') await push(transaction)
        else await end(transaction, outcome)
      }
    },
    async submit({ paymaster, token, call, amount: amountOf, agreed }) {
      const prepared = await wallet.prepare(call)
      if (!prepared) return 'tooExpensive'
      const { maxCost, ...signed } = prepared
      const amount = amountOf(maxCost)
      const isWritten = await store.transaction(async (trx) => {
        await store.lock(trx, [{ kind: 'keeper', name: `${chainId}` }])
        const written = trx.withTables<KeeperTables>()
        // Another instance may have been faster.
        const before = await recentTransactions(written, { chainId, since: since() })
        if (before.some(({ state }) => state === 'sent') || !agreed(before, amount)) return false
        await insertTransaction(written, {
          ...signed,
          chainId,
          paymaster,
          token,
          amount,
          keeper: wallet.keeper,
          state: 'sent',
          createdAt: clock(),
        })
        return true
      })
      if (!isWritten) return 'held'
      await wallet.send(signed.raw)
      return 'sent'
    },
  }
}
