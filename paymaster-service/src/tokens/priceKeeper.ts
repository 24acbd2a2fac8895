import type { Logger } from 'pino'
import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { Keeper } from '../keeper/keeper.ts'
import type { KeeperTransaction } from '../keeper/transactionStore.ts'
import type { PriceUpdateRules } from './planPriceUpdate.ts'
import { isPriceDue, planPriceUpdate } from './planPriceUpdate.ts'
import type { TokenContract } from './tokenContract.ts'

export type PriceKeeperParameters = {
  contract: Pick<TokenContract, 'terms' | 'blockTime' | 'nextPrice' | 'updatePrice'>
  /** TokenPaymasters with their tokens; those without feeds are left alone. */
  tokens: readonly { paymaster: Address; token: Address }[]
  /** Absent: prices are looked at, and whoever likes updates them. */
  keeper: Pick<Keeper, 'recent' | 'submit'> | undefined
  rules: PriceUpdateRules
  /** Unix seconds. */
  clock: () => number
  log: Pick<Logger, 'info' | 'error'>
}

/** A price of feeds, as it was a moment ago. */
export type KeptPrice = { paymaster: Address; token: Address; validUntil: number }

export type PriceKeeper = {
  /** Looks at every price, and updates those that end soon. @throws NodeUnavailableError */
  look(): Promise<void>
  /** As last read. */
  prices(): readonly KeptPrice[]
}

/** Keeps the prices of TokenPaymasters that have feeds from ending. Anyone may: the service pays the gas. */
export function createPriceKeeper({
  contract,
  tokens,
  keeper,
  rules,
  clock,
  log,
}: PriceKeeperParameters): PriceKeeper {
  let prices: readonly KeptPrice[] = []
  /** Why each price is left to end, so that it is logged once. */
  const blocked = new Map<string, string>()

  const stateOf = (price: KeptPrice, recent: readonly KeeperTransaction[]) =>
    recent.map(({ amount, createdAt, state, token, paymaster }) => ({
      isThisOne:
        token !== undefined &&
        isAddressEqual(token, price.token) &&
        isAddressEqual(paymaster, price.paymaster),
      amount: token === undefined ? 0n : amount,
      at: createdAt,
      underWay: state === 'sent',
    }))

  /** @returns What keeps it from being updated though it ends. */
  async function consider(price: KeptPrice, now: number): Promise<string | undefined> {
    const { paymaster, token, validUntil } = price
    if (!isPriceDue({ now, validUntil })) return undefined
    if (!keeper) return 'there is no keeper: configure one, or call updatePrice'
    const next = await contract.nextPrice(paymaster, token)
    const decide = (recent: readonly KeeperTransaction[]) =>
      planPriceUpdate(rules, {
        now,
        validUntil,
        next,
        clock: clock(),
        recent: stateOf(price, recent),
      })
    const plan = decide(await keeper.recent())
    if (plan.kind === 'blocked') return plan.reason
    if (plan.kind === 'none')
      return plan.reason === 'fresh' ? undefined : blocked.get(nameOf(price))
    let tooMuch: string | undefined
    const result = await keeper.submit({
      paymaster,
      token,
      call: contract.updatePrice(paymaster, token),
      amount: (maxCost) => maxCost,
      agreed(recent, amount) {
        const spent = stateOf(price, recent).reduce((sum, each) => sum + each.amount, 0n)
        if (spent + amount > rules.dayMax)
          tooMuch = `up to ${amount} wei of gas, and ${spent} of ${rules.dayMax} wei were spent on updates within 24 hours`
        return tooMuch === undefined && decide(recent).kind === 'update'
      },
    })
    if (result === 'sent')
      log.info({ paymaster, token, validUntil }, 'the price of a token is updated')
    return result === 'tooExpensive' ? 'the base fee is above keeperMaxFeePerGasWei' : tooMuch
  }

  return {
    prices: () => prices,
    async look() {
      const now = await contract.blockTime()
      const read = await Promise.all(
        tokens.map(async ({ paymaster, token }) => {
          const { source, validUntil } = await contract.terms(paymaster, token)
          return source === 'feed' ? [{ paymaster, token, validUntil }] : []
        }),
      )
      prices = read.flat()
      for (const price of prices) {
        const name = nameOf(price)
        const reason = await consider(price, now)
        if (reason !== undefined && blocked.get(name) !== reason)
          log.error({ ...price, reason }, 'the price of a token ends and is not updated')
        if (reason === undefined) blocked.delete(name)
        else blocked.set(name, reason)
      }
    },
  }
}

function nameOf({ paymaster, token }: KeptPrice): string {
  return `${paymaster} ${token}`
}
