import {
  type Address,
  type Hex,
  keccak256,
  parseEther,
  parseUnits,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, functionsOf, openArena } from './arena.ts'
import { deployExchange } from './exchange.ts'
import { signVoucher } from './signVoucher.ts'

const oneEther = parseEther('1')
const usd = (dollars: string) => parseUnits(dollars, 6)
const day = 86_400
const tier = { flexible: 0, bronze: 1, silver: 2, gold: 3, platinum: 4 }

let arena: Arena
let alice: Address
let bob: Address
let host: Address
let stranger: Address
beforeAll(async () => {
  arena = await openArena()
  host = arena.of('host')
  stranger = arena.of('anyone')
  alice = await arena.actor('alice')
  bob = await arena.actor('bob')
  for (const one of [alice, bob]) {
    await arena.give.fab(one, '200000')
    await arena.give.usdc(one, '1000')
    await arena.approve(one, 'fab', arena.book.stakersPool)
    await arena.approve(one, 'usdc', arena.book.stakersPool)
    await arena.approve(one, 'usdc', arena.book.revenueSplitter)
    await arena.approve(one, 'usdc', arena.book.subscriptions)
  }
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const parties = () => [alice, bob, host, stranger]
const stake = (by: Address, of: number, fab: string) =>
  arena.send(by, 'stakersPool', 'stake', [of, parseEther(fab)])
/** Opens a session of the renter with the host: 1 ETH for 10,000 tokens of `model`. */
const session = async (model: Hex) => {
  const renter = arena.of('renter')
  const params = {
    ...{ host, token: zeroAddress, deposit: oneEther, pricePer1000: oneEther / 10n },
    ...{ maxDuration: BigInt(day), proofInterval: 500n, coSigner: renter, model, proofMode: 0 },
  }
  await arena.send(renter, 'marketplace', 'createSession', [params], oneEther)
  return arena.read<bigint>('marketplace', 'lastJobId')
}
const earned = (of: Address, token: Address) =>
  arena.read<bigint>('stakersPool', 'earned', [of, token])

describe('X-43 revenue is split by what was sent', () => {
  test(
    'what lies in the splitter is not split again, and ETH reaches the stakers',
    apart(async () => {
      await stake(alice, tier.silver, '10000')
      await arena.send(alice, 'revenueSplitter', 'split', [zeroAddress, oneEther, host], oneEther)
      const owed = (account: Address) =>
        arena.read<bigint>('revenueSplitter', 'withdrawable', [account, zeroAddress])
      expect(await owed(host)).toBe(parseEther('0.85'))
      expect(await owed(arena.of('treasury'))).toBe(parseEther('0.1'))
      expect(await arena.read('stakersPool', 'rewardState', [zeroAddress])).toMatchObject({
        notified: parseEther('0.05'),
      })
      await arena.harmless(parties(), async () => {
        for (const [amount, value] of [
          [oneEther, 0n],
          [oneEther, 1n],
          [oneEther, 2n * oneEther],
        ] as const) {
          const args = [zeroAddress, amount, stranger]
          expect(await arena.refused(stranger, 'revenueSplitter', 'split', args, value)).toEqual(
            because('RevenueSplitterWrongValue', value, amount),
          )
        }
        const args = [arena.book.usdc, usd('1'), stranger]
        expect(await arena.refused(alice, 'revenueSplitter', 'split', args, 1n)).toEqual(
          because('RevenueSplitterWrongValue', 1n, 0n),
        )
      })
      await arena.wait(7 * day)
      // Rounding of the stream stays with the next rewards.
      expect(await earned(alice, zeroAddress)).toBeGreaterThan(parseEther('0.0499999'))
      await arena.send(alice, 'stakersPool', 'claim', [zeroAddress])
    }),
  )

  test(
    'anyone hands the fees of the marketplace to treasury and stakers, once',
    apart(async () => {
      await stake(alice, tier.silver, '10000')
      await arena.host(host)
      const id = await arena.submitted(bob, host, oneEther)
      await arena.send(bob, 'marketplace', 'releasePayment', [id])
      await arena.send(stranger, 'marketplace', 'distributeFees', [zeroAddress])
      await arena.harmless(parties(), async () => {
        expect(
          await arena.refused(stranger, 'marketplace', 'distributeFees', [zeroAddress]),
        ).toEqual(because('MarketplaceNothingToWithdraw', arena.of('treasury'), zeroAddress))
      })
      expect(await arena.publicClient.getBalance({ address: arena.book.stakersPool })).toBe(
        parseEther('0.05'),
      )
    }),
  )
})

describe('X-44 each reward token is settled before a stake changes', () => {
  test(
    'claiming or adding to one stake raises no other reward, and leaving with rewards works',
    apart(async () => {
      expect(functionsOf('stakersPool').filter((name) => /compound/i.test(name))).toEqual([])
      const { fab, usdc } = arena.book
      await stake(alice, tier.flexible, '10000')
      await stake(bob, tier.flexible, '10000')
      await arena.send(alice, 'stakersPool', 'notifyReward', [usdc, usd('100')])
      await arena.send(alice, 'stakersPool', 'notifyReward', [fab, parseEther('100')])
      await arena.wait(8 * day)
      const before = await earned(alice, usdc)
      expect(before).toBeGreaterThan(usd('49.99'))
      // What it earned in FAB, staked again: the dollars of the past stay what they were.
      await arena.send(alice, 'stakersPool', 'claim', [fab])
      await stake(alice, tier.flexible, '49')
      expect(await earned(alice, usdc)).toBe(before)
      // The whole stake of the other with rewards pending.
      await arena.send(bob, 'stakersPool', 'unstake', [0n, parseEther('10000')])
      expect(await earned(bob, usdc)).toBe(before)
      for (const one of [alice, bob]) await arena.send(one, 'stakersPool', 'claimAll')
      expect(await arena.read('usdc', 'balanceOf', [arena.book.stakersPool])).toBeLessThan(10n)
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(bob, 'stakersPool', 'unstake', [0n, parseEther('1')])).toEqual(
          because('StakersPoolUnknownPosition', bob, 0n),
        )
      })
    }),
  )

  test(
    'who stakes just before a distribution and leaves after it gets nothing',
    apart(async () => {
      const { usdc } = arena.book
      await stake(alice, tier.flexible, '100')
      await stake(bob, tier.flexible, '200000')
      await arena.send(alice, 'stakersPool', 'notifyReward', [usdc, usd('100')])
      await arena.send(bob, 'stakersPool', 'unstake', [0n, parseEther('200000')])
      // A block of one second is a share of 1 in 604,800.
      expect(await earned(bob, usdc)).toBeLessThan(usd('0.001'))
      // FAB is stake and reward: the stakes are no reward that somebody could book.
      await arena.send(stranger, 'stakersPool', 'sync', [arena.book.fab])
      expect(await arena.read('stakersPool', 'rewardState', [arena.book.fab])).toMatchObject({
        notified: 0n,
      })
    }),
  )
})

describe('X-45 units, open inputs, colliding names', () => {
  test('multipliers are what they say', async () => {
    const terms = await Promise.all(
      Object.values(tier).map((one) =>
        arena.read<{ rewardBps: number; voteBps: number }>('stakersPool', 'tierTerms', [one]),
      ),
    )
    expect(terms.map(({ rewardBps }) => rewardBps / 10_000)).toEqual([0.5, 0.75, 1, 1.25, 1.5])
    expect(terms.map(({ voteBps }) => voteBps / 10_000)).toEqual([1, 1, 1, 1.5, 2])
  })

  test(
    'demand is what the marketplace has settled: it raises a price and counts once',
    apart(async () => {
      const model = keccak256(stringToHex('llama-70b'))
      const price = () => arena.read<bigint>('dynamicPricing', 'priceNow', [model, 1_000n])
      const record = (id: bigint) =>
        arena.refused(stranger, 'dynamicPricing', 'recordSettled', [id])
      await arena.govern('dynamicPricing', 'setCapacity', [model, 1_000n])
      await arena.host(host)
      expect(await price()).toBe(1_000n)
      const open = await session(model)
      await arena.harmless(parties(), async () => {
        for (const contract of ['dynamicPricing', 'modelRegistry'] as const) {
          for (const attacker of [stranger, host, arena.of('deployer')]) {
            expect(await arena.refused(attacker, contract, 'recordSettled', [open])).toEqual(
              because('SettledSessionsNotSettled', open),
            )
          }
        }
      })
      for (const [tokens, expected] of [
        [800n, 1_000n],
        [100n, 1_500n],
        [1_000n, 2_000n],
      ] as const) {
        const id = await session(model)
        const voucher = [id, tokens, zeroHash, await signVoucher(arena, id, tokens)]
        await arena.send(host, 'marketplace', 'settleSessionWithVoucher', voucher)
        await arena.send(stranger, 'dynamicPricing', 'recordSettled', [id])
        const now = await price()
        // Some seconds of decay at most.
        expect(Number(expected - now)).toBeLessThan(30)
        expect(now).toBeGreaterThanOrEqual(1_000n)
        expect(await record(id)).toEqual(because('SettledSessionsTwice', id))
      }
    }),
  )

  test('names and versions that join to the same text are different models', async () => {
    const idOf = (name: string, version: string) =>
      arena.read<Hex>('modelRegistry', 'modelIdOf', [name, version])
    expect(await idOf('llama-7', '0b')).not.toBe(await idOf('llama-70', 'b'))
    expect(await idOf('a', 'bc')).not.toBe(await idOf('ab', 'c'))
  })

  test(
    'nobody takes over the name of a model',
    apart(async () => {
      const args = ['llama', '70b', 'bafkreimodel']
      await arena.send(alice, 'modelRegistry', 'listModel', args)
      const id = await arena.read<Hex>('modelRegistry', 'modelIdOf', ['llama', '70b'])
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(stranger, 'modelRegistry', 'listModel', args)).toEqual(
          because('ModelRegistryTaken', id, alice),
        )
        expect(await arena.refused(stranger, 'modelRegistry', 'delistModel', [id])).toEqual(
          because('ModelRegistryNotPublisher', id, stranger),
        )
      })
    }),
  )
})

describe('X-46 a buyback has a floor', () => {
  test(
    'no purchase without a route, a keeper, a minimum, and a fresh average price',
    apart(async () => {
      const keeper = alice
      const buy = (by: Address, amount: bigint, minimum: bigint) =>
        arena.refused(by, 'buyback', 'buy', [amount, minimum])
      expect(await buy(stranger, usd('100'), 1n)).toEqual(because('BuybackNotKeeper', stranger))
      await arena.govern('buyback', 'setKeeper', [keeper, true])
      expect(await buy(keeper, usd('100'), 1n)).toEqual(because('BuybackNoRoute'))

      const exchange = await deployExchange(arena)
      await arena.govern('buyback', 'setRoute', [exchange.address, exchange.address])
      const treasury = arena.of('treasury')
      await arena.give.usdc(treasury, '50000')
      await arena.give.fab(exchange.address, '200000')
      await arena.send(treasury, 'usdc', 'approve', [arena.book.buyback, usd('50000')])
      const price = async (spot: string, average: string, age: bigint) => {
        const args = [parseEther(spot), parseEther(average), (await arena.now()) - age]
        await arena.send(stranger, exchange, 'set', args)
      }
      // Sandwiched: the pool gives a third less than the average.
      await price('1.32', '2', 0n)
      await arena.harmless([...parties(), exchange.address], async () => {
        expect(await buy(keeper, usd('100'), 0n)).toEqual(because('BuybackNoMinimum'))
        expect(await buy(keeper, usd('100'), 1n)).toEqual(
          because('BuybackTooFewBought', parseEther('132'), parseEther('196')),
        )
        expect(await buy(keeper, usd('10001'), 1n)).toEqual(
          because('BuybackOverCap', usd('10001'), usd('10000')),
        )
      })
      await price('2', '2', 7_200n)
      expect((await buy(keeper, usd('100'), 1n))?.name).toBe('BuybackStalePrice')
      await price('0', '0', 0n)
      expect(await buy(keeper, usd('100'), 1n)).toEqual(because('BuybackNoMinimum'))
      await price('1.99', '2', 0n)
      await arena.send(keeper, 'buyback', 'buy', [usd('100'), parseEther('195')])
      expect(await arena.read('fab', 'balanceOf', [treasury])).toBe(parseEther('99.5'))
    }),
  )
})

describe('X-47 a subscription refunds no period that has begun', () => {
  test(
    'used or not, and no renewal comes twice',
    apart(async () => {
      const { usdc } = arena.book
      const plan = (period: number) => [usdc, usd('10'), period, 100n, zeroAddress]
      expect(await arena.refused(host, 'subscriptions', 'createPlan', plan(day - 1))).toEqual(
        because(
          'SubscriptionsOutOfRange',
          'period',
          BigInt(day - 1),
          BigInt(day),
          366n * BigInt(day),
        ),
      )
      await arena.send(host, 'subscriptions', 'createPlan', plan(day))
      await arena.send(alice, 'subscriptions', 'subscribe', [1n, 3])
      await arena.send(host, 'subscriptions', 'consume', [1n, alice, 100n])
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(stranger, 'subscriptions', 'consume', [1n, alice, 1n])).toEqual(
          because('SubscriptionsNotMeter', 1n, stranger),
        )
        expect(await arena.refused(host, 'subscriptions', 'consume', [1n, alice, 1n])).toEqual(
          because('SubscriptionsQuotaExceeded', 1n, alice, 1n, 0n),
        )
      })
      await arena.send(alice, 'subscriptions', 'cancel', [1n])
      const owed = (account: Address) =>
        arena.read<bigint>('subscriptions', 'withdrawable', [account, usdc])
      expect(await owed(alice)).toBe(usd('20'))
      expect(await owed(host)).toBe(usd('10'))
      await arena.wait(day)
      await arena.harmless(parties(), async () => {
        expect((await arena.refused(alice, 'subscriptions', 'cancel', [1n]))?.name).toBe(
          'SubscriptionsNotRunning',
        )
      })

      await arena.send(bob, 'subscriptions', 'subscribe', [1n, 1])
      await arena.send(bob, 'subscriptions', 'setAutoRenew', [1n, true])
      const renew = (by: Address) => arena.refused(by, 'subscriptions', 'renew', [1n, bob])
      expect(await renew(stranger)).toEqual(because('SubscriptionsNotRenewer', 1n, stranger))
      expect((await renew(host))?.name).toBe('SubscriptionsStillRunning')
      await arena.wait(day)
      await arena.send(host, 'subscriptions', 'renew', [1n, bob])
      await arena.harmless(parties(), async () => {
        for (let i = 0; i < 3; i++)
          expect((await renew(host))?.name).toBe('SubscriptionsStillRunning')
      })
      expect(await arena.read('usdc', 'balanceOf', [bob])).toBe(usd('980'))
      expect(await arena.read('usdc', 'balanceOf', [arena.book.subscriptions])).toBe(
        await arena.read('subscriptions', 'liabilities', [usdc]),
      )
    }),
  )
})
