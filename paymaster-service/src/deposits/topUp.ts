import type { Logger } from 'pino'
import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { Store } from '../store/store.ts'
import type { TopUpPlan, TopUpRules } from './planTopUp.ts'
import { planTopUp, topUpDay } from './planTopUp.ts'
import type { DepositTables } from './tables.ts'
import type { TopUp } from './topUpStore.ts'
import { endTopUp, insertTopUp, recentTopUps } from './topUpStore.ts'
import type { VaultWallet } from './vaultWallet.ts'

export type TopUpParameters = {
  chainId: number
  store: Store
  wallet: VaultWallet
  rules: TopUpRules
  /** Unix seconds. */
  clock: () => number
  log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** Told how a top-up ended, once over all instances. */
  onEnd?: (topUp: TopUp) => void
}

export type TopUps = {
  /** Sees what became of those under way, and sends them again while nobody knows. */
  settle(): Promise<void>
  /** Tops up one paymaster when it is due. */
  consider(paymaster: Address, deposit: bigint): Promise<TopUpPlan>
}

/**
 * Tops up deposits out of the vault, one transaction after another over all instances: it is written
 * down, signed, before it is sent, under a lock and with everything that bounds it. Whoever finds one
 * under way sends the same bytes again, so a process that dies in between costs nothing twice.
 */
export function createTopUps({
  chainId,
  store,
  wallet,
  rules,
  clock,
  log,
  onEnd,
}: TopUpParameters): TopUps {
  const db = store.db.withTables<DepositTables>()
  const recent = () => store.read(() => recentTopUps(db, { chainId, since: clock() - topUpDay }))

  const stateOf = (paymaster: Address, topUps: readonly TopUp[]) =>
    topUps.map(({ amount, createdAt, state, ...topUp }) => ({
      isThisOne: isAddressEqual(topUp.paymaster, paymaster),
      // What did not happen was not spent, but it was tried.
      amount: state === 'failed' || state === 'replaced' ? 0n : amount,
      at: createdAt,
      underWay: state === 'sent',
    }))

  return {
    async settle() {
      for (const topUp of await recent()) {
        if (topUp.state !== 'sent') continue
        const outcome = await wallet.outcome(topUp)
        if (outcome === 'pending') {
          await wallet.send(topUp.raw)
          continue
        }
        const ended = await store.transaction((trx) =>
          endTopUp(trx.withTables<DepositTables>(), { hash: topUp.hash, state: outcome }),
        )
        if (!ended) continue
        const fields = {
          paymaster: topUp.paymaster,
          amountWei: `${topUp.amount}`,
          transactionHash: topUp.hash,
        }
        if (outcome === 'done') log.info(fields, 'the deposit was topped up')
        else log.error({ ...fields, outcome }, 'a top-up did not come through')
        onEnd?.({ ...topUp, state: outcome })
      }
    },

    async consider(paymaster, deposit) {
      if (deposit >= rules.below) return { kind: 'none', reason: 'enough' }
      const vault = await wallet.vault(paymaster)
      const decide = async (topUps: readonly TopUp[]) =>
        planTopUp(rules, { now: clock(), deposit, vault, recent: stateOf(paymaster, topUps) })
      const plan = await decide(await recent())
      if (plan.kind !== 'topUp') return plan
      const transaction = await wallet.prepare(paymaster, plan.amount)
      const agreed = await store.transaction(async (trx) => {
        await store.lock(trx, [{ kind: 'topUp', name: `${chainId}` }])
        const written = trx.withTables<DepositTables>()
        // Another instance may have been faster.
        const now = await decide(
          await recentTopUps(written, { chainId, since: clock() - topUpDay }),
        )
        if (now.kind !== 'topUp' || now.amount < plan.amount) return now
        await insertTopUp(written, {
          ...transaction,
          chainId,
          paymaster,
          amount: plan.amount,
          keeper: wallet.keeper,
          state: 'sent',
          createdAt: clock(),
        })
        return plan
      })
      if (agreed.kind === 'topUp') await wallet.send(transaction.raw)
      return agreed
    },
  }
}
