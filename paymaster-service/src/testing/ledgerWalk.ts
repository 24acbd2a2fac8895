import fc from 'fast-check'
import type { Address, Hash } from 'viem'
import { concat, keccak256, numberToHex } from 'viem'
import { expect } from 'vitest'
import type { Balance } from '../ledger/accounts.ts'
import { committed } from '../ledger/accounts.ts'
import type { Account, Advance, ReserveRequest } from '../ledger/ledger.ts'
import { windowBounds } from '../policy/window.ts'
import { cap, chainId, hash, paymaster, request, start, terms } from './ledgerFixtures.ts'
import type { LedgerModel } from './ledgerModel.ts'
import { createLedgerModel } from './ledgerModel.ts'
import type { TestLedger } from './ledgers.ts'

const limits = { wei: 1_000n, microUsd: 1_500n, count: 6, hourly: 5 }
const userLimits = { wei: 500n, count: 3 }
const policy = terms({
  global: [
    cap({ wei: limits.wei, microUsd: limits.microUsd, count: limits.count }),
    cap({ window: 'hour', count: limits.hourly }),
  ],
  user: [cap({ wei: userLimits.wei, count: userLimits.count })],
})
const senders = [1, 2, 3].map((i): Address => numberToHex(i, { size: 20 }))
const prices = [1n, 2n, 3n].map((microUsd) => microUsd * 10n ** 18n)
const windowLength = 100

const sender = fc.constantFrom(...senders)
const nonce = fc.bigInt(0n, 2n)
const ask = fc.record({
  sender,
  nonce,
  amount: fc.bigInt(0n, 400n),
  price: fc.constantFrom(...prices),
  /** Whether its signature comes about. */
  isSigned: fc.boolean(),
})
const seconds = fc.integer({ min: 1, max: 300 })
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      asks: fc.array(ask, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('charge' as const),
      pick: fc.nat(),
      part: fc.bigInt(0n, 100n),
      success: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('consume' as const), sender, nonce }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rewind' as const), blocks: fc.bigInt(1n, 3n) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

export const ledgerSteps = fc.array(step, { minLength: 1, maxLength: 30 })

type ValueOf<arbitrary> = arbitrary extends fc.Arbitrary<infer value> ? value : never
type Step = ValueOf<typeof step>
type Ask = ValueOf<typeof ask>

/** Runs the steps on all instances of one store at once, and compares with the model after each. */
export async function walk(
  ledgers: readonly [TestLedger, ...TestLedger[]],
  steps: readonly Step[],
) {
  const model = createLedgerModel()
  /** Of which there was ever a signature. */
  const signed = new Set<Hash>()
  const [first] = ledgers
  let now = start
  let height = 1n

  async function advance(part: Partial<Pick<Advance, 'charges' | 'consumed'>>) {
    const [from] = await first.followedBlocks(chainId)
    const through = { number: height, hash: hash(height), timestamp: now }
    const changes = {
      chainId,
      from,
      through,
      charges: [],
      consumed: [],
      expireBefore: now,
      ...part,
    }
    const results = await Promise.all(ledgers.map((ledger) => ledger.advance(changes)))
    expect(results.filter((result) => result !== undefined)).toHaveLength(1)
    model.advanced(changes)
  }

  async function rewind(blocks: bigint) {
    const [from] = await first.followedBlocks(chainId)
    if (!from || from.number <= blocks) return
    height = from.number - blocks
    const to = { number: height, hash: hash(height), timestamp: now }
    const results = await Promise.all(ledgers.map((ledger) => ledger.rewind(chainId, from, to)))
    expect(results.filter((done) => done)).toHaveLength(1)
    model.rewound(height)
  }

  async function reserve(asks: readonly Ask[]) {
    const requests = asks.map(({ price, isSigned: _, ...given }): ReserveRequest => {
      const words = [given.sender, numberToHex(given.nonce), numberToHex(given.amount)]
      return request({
        ...given,
        policy,
        id: keccak256(concat(words.map((word) => numberToHex(BigInt(word), { size: 32 })))),
        price: { kind: 'fresh', microUsdPerEther: price },
        window: { validAfter: now, validUntil: now + windowLength },
        now,
        keepUntil: now + 10,
      })
    })
    const results = await Promise.all(
      requests.map((each, index) => (ledgers[index % ledgers.length] ?? first).reserve(each)),
    )
    const given = requests.flatMap((each, index) => {
      const result = results[index]
      if (result?.kind !== 'reserved') return []
      return [{ each, window: result.sponsorship.window, isSigned: asks[index]?.isSigned }]
    })
    for (const { each, window } of given.filter(({ isSigned }) => isSigned)) {
      signed.add(each.id)
      await first.keepSignature({
        key: each,
        id: each.id,
        window,
        signature: '0x51',
        userOpHashes: [each.id],
      })
    }
    for (const { each, window } of given.filter(({ isSigned }) => !isSigned))
      await first.abandon({ key: each, policyId: policy.id, id: each.id, window })
    return { given, abandoned: given.filter(({ each }) => !signed.has(each.id)) }
  }

  for (const action of steps) {
    switch (action.kind) {
      case 'reserve': {
        const { given, abandoned } = await reserve(action.asks)
        // Of equal requests with other prices the first to be committed counts: the rows say which.
        const prices = await first.prices()
        for (const { each, window } of given)
          model.reserved(
            { ...each, price: { kind: 'fresh', microUsdPerEther: prices.get(each.id) ?? 0n } },
            window.validUntil,
          )
        for (const { each } of abandoned) model.abandoned(each.id)
        break
      }
      case 'charge': {
        const paid = model.live(action.pick)
        if (!paid) break
        height++
        const { id, ...key } = paid
        const cost = (paid.amount * action.part) / 100n
        await advance({
          charges: [
            {
              chainId,
              paymaster,
              sender: key.sender,
              nonce: key.nonce,
              userOpHash: id,
              success: action.success,
              cost,
              transactionHash: id,
              blockNumber: height,
            },
          ],
        })
        break
      }
      case 'consume': {
        height++
        const { sender, nonce } = action
        await advance({ consumed: [{ chainId, paymaster, sender, nonce, blockNumber: height }] })
        break
      }
      case 'wait':
        now += action.seconds
        height++
        await advance({})
        break
      case 'rewind':
        await rewind(action.blocks)
        break
      case 'restart':
        await Promise.all(ledgers.map((ledger) => ledger.reopen()))
        break
    }

    await expectConserved(first, model, now)
    // A reorganisation may bring back what was freed; without one nothing exceeds a cap.
    if (!steps.some(({ kind }) => kind === 'rewind')) await expectWithinCaps(first, now)
  }
}

async function expectConserved(ledger: TestLedger, model: LedgerModel, now: number) {
  const hour = windowBounds('hour', now).start
  const expected = model.balance(() => true)
  const hourly = model.balance(({ reservedAt }) => reservedAt >= hour)
  const [ever, thisHour] = await ledger.usage(policy, now)
  expectAccount(ever?.wei, expected, 'wei')
  expect(await ledger.paymasterAccount({ chainId, paymaster })).toMatchObject({
    reservedWei: expected.reserved.wei,
    settledWei: expected.settled.wei,
  })
  expect(await ledger.outstandingSenders(chainId, 9)).toEqual(model.liveSenders())
  expectAccount(ever?.microUsd, expected, 'microUsd')
  expectAccount(ever?.count, expected, 'operations')
  expectAccount(thisHour?.count, hourly, 'operations')
  for (const each of senders) {
    const mine = model.balance((signature) => signature.sender === each)
    expect(await ledger.balance(userBucket(each))).toEqual(mine)
  }
}

/** limit = free + reserved + settled, and both as the model has them. */
function expectAccount(
  account: Account<bigint> | Account<number> | undefined,
  { reserved, settled }: Balance,
  unit: 'wei' | 'microUsd' | 'operations',
) {
  if (!account) throw new RangeError(`there is no account in ${unit}`)
  const { limit, free, ...held } = account
  expect(held).toEqual({ reserved: reserved[unit], settled: settled[unit] })
  expect(BigInt(free) + BigInt(held.reserved) + BigInt(held.settled)).toBe(BigInt(limit))
}

async function expectWithinCaps(ledger: TestLedger, now: number) {
  const [ever, thisHour] = await ledger.usage(policy, now)
  for (const account of [ever?.wei, ever?.microUsd, ever?.count, thisHour?.count])
    expect(account?.free).toBeGreaterThanOrEqual(0)
  for (const each of senders) {
    const { wei, operations } = committed(await ledger.balance(userBucket(each)))
    expect(wei).toBeLessThanOrEqual(userLimits.wei)
    expect(operations).toBeLessThanOrEqual(userLimits.count)
  }
}

function userBucket(sender: Address): string {
  return `${policy.id}/${sender}/never/0`
}
