import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { Keeper } from '../keeper/keeper.ts'
import type { KeeperTransaction } from '../keeper/transactionStore.ts'
import type { TopUpPlan, TopUpRules } from './planTopUp.ts'
import { planTopUp } from './planTopUp.ts'
import type { Vault } from './vault.ts'

export type TopUpParameters = {
  keeper: Pick<Keeper, 'recent' | 'submit'>
  vault: Vault
  rules: TopUpRules
  /** Unix seconds. */
  clock: () => number
}

export type TopUps = {
  /** Tops up one paymaster when it is due. */
  consider(paymaster: Address, deposit: bigint): Promise<TopUpPlan>
}

/** Tops up deposits out of the vault, within its bounds and those of the options. */
export function createTopUps({ keeper, vault, rules, clock }: TopUpParameters): TopUps {
  const stateOf = (paymaster: Address, recent: readonly KeeperTransaction[]) =>
    recent.map(({ amount, createdAt, state, token, ...transaction }) => ({
      isThisOne: token === undefined && isAddressEqual(transaction.paymaster, paymaster),
      // What did not happen was not spent, but it was tried. Updates of prices have their own bound.
      amount: token !== undefined || state === 'failed' || state === 'replaced' ? 0n : amount,
      at: createdAt,
      underWay: state === 'sent',
    }))

  return {
    async consider(paymaster, deposit) {
      if (deposit >= rules.below) return { kind: 'none', reason: 'enough' }
      const budget = await vault.budget(paymaster)
      const decide = (recent: readonly KeeperTransaction[]) =>
        planTopUp(rules, {
          now: clock(),
          deposit,
          vault: budget,
          recent: stateOf(paymaster, recent),
        })
      const plan = decide(await keeper.recent())
      if (plan.kind !== 'topUp') return plan
      const result = await keeper.submit({
        paymaster,
        call: vault.topUp(paymaster, plan.amount),
        amount: () => plan.amount,
        agreed(recent) {
          const now = decide(recent)
          return now.kind === 'topUp' && now.amount >= plan.amount
        },
      })
      if (result === 'tooExpensive')
        return { kind: 'blocked', reason: 'the base fee is above keeperMaxFeePerGasWei' }
      return result === 'sent' ? plan : { kind: 'none', reason: 'underWay' }
    },
  }
}
