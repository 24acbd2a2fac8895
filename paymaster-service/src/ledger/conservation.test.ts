import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Address, Hash } from 'viem'
import { concat, keccak256, numberToHex } from 'viem'
import { expect, test } from 'vitest'
import type { StoreLocation } from '../store/location.ts'
import type { PolicyTerms } from './ledger.ts'
import { openLedger } from './openLedger.ts'

const budget = 1_000n
const userBudget = 500n
const policy: PolicyTerms = {
  id: 'p',
  onChainHash: `0x${'ab'.repeat(16)}`,
  caps: {
    global: { wei: budget, window: 'never' },
    user: { wei: userBudget, count: undefined, window: 'never' },
    operation: undefined,
  },
}
const chainId = 1
const paymaster = '0x9000000000000000000000000000000000000009'
const senders = [1, 2, 3].map((i): Address => numberToHex(i, { size: 20 }))
const windowLength = 100

type Signature = {
  id: Hash
  sender: Address
  nonce: bigint
  amount: bigint
  validUntil: number
  state: 'reserved' | 'settled' | 'released'
  cost: bigint
  block: bigint | undefined
}

const sender = fc.integer({ min: 0, max: senders.length - 1 })
const nonce = fc.bigInt(0n, 2n)
const amount = fc.bigInt(0n, 400n)
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      asks: fc.array(fc.record({ sender, nonce, amount }), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('charge' as const),
      pick: fc.nat(),
      part: fc.bigInt(0n, 100n),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('consume' as const), sender, nonce }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      seconds: fc.integer({ min: 1, max: 80 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rewind' as const), blocks: fc.bigInt(1n, 3n) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

/** What the ledger should hold, by the definition: the largest live signature of each nonce, and every cost. */
function expected(signatures: readonly Signature[], of: (signature: Signature) => boolean) {
  const mine = signatures.filter(of)
  const groups = Map.groupBy(
    mine.filter(({ state }) => state === 'reserved'),
    (signature) => `${signature.sender} ${signature.nonce}`,
  )
  const largest = [...groups.values()].map((group) => {
    const [first] = group.map((each) => each.amount).sort((a, b) => (a > b ? -1 : 1))
    return first ?? 0n
  })
  return {
    reserved: largest.reduce((sum, each) => sum + each, 0n),
    settled: mine.reduce((sum, { state, cost }) => (state === 'settled' ? sum + cost : sum), 0n),
  }
}

test('budget = free + reserved + settled, within every cap, through changes, charges, expiry, reorganisations and restarts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fabstir-conservation-'))
  let run = 0
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        const location: StoreLocation = `sqlite:${join(folder, `${run++}.db`)}`
        let ledger = await openLedger(location)
        const signatures = new Map<Hash, Signature>()
        let now = 1_000_000
        let height = 1n

        const advance = async (
          part: Partial<Pick<Parameters<typeof ledger.advance>[0], 'charges' | 'consumed'>>,
        ) => {
          await ledger.advance({
            chainId,
            through: { number: height, hash: numberToHex(height, { size: 32 }), timestamp: now },
            charges: [],
            consumed: [],
            ...part,
            expireBefore: now,
          })
          for (const each of signatures.values())
            if (each.state === 'reserved' && each.validUntil < now) each.state = 'released'
        }
        const sameNonce = (one: Pick<Signature, 'sender' | 'nonce'>) =>
          [...signatures.values()].filter(
            (each) => each.sender === one.sender && each.nonce === one.nonce,
          )

        for (const action of steps) {
          if (action.kind === 'reserve') {
            const asks = action.asks.map((ask) => {
              const from = senders[ask.sender] ?? '0x'
              const words = [from, numberToHex(ask.nonce), numberToHex(ask.amount)]
              return {
                ...ask,
                from,
                id: keccak256(concat(words.map((word) => numberToHex(BigInt(word), { size: 32 })))),
              }
            })
            const window = { validAfter: now, validUntil: now + windowLength }
            const results = await Promise.all(
              asks.map(({ id, from, nonce: of, amount: wei }) =>
                ledger.reserve({
                  chainId,
                  paymaster,
                  sender: from,
                  nonce: of,
                  policy,
                  id,
                  amount: wei,
                  window,
                  now,
                  keepUntil: now + 10,
                }),
              ),
            )
            for (const [index, result] of results.entries()) {
              const ask = asks[index]
              if (result.kind !== 'reserved' || !ask) continue
              const known = signatures.get(ask.id)
              if (known?.state === 'settled') continue
              signatures.set(ask.id, {
                id: ask.id,
                sender: ask.from,
                nonce: ask.nonce,
                amount: ask.amount,
                validUntil: result.sponsorship.window.validUntil,
                state: 'reserved',
                cost: 0n,
                block: undefined,
              })
              await ledger.keepSignature(ask.id, result.sponsorship.window, {
                signature: '0x51',
                userOpHash: ask.id,
              })
            }
          } else if (action.kind === 'charge') {
            const live = [...signatures.values()].filter(({ state }) => state === 'reserved')
            const paid = live[action.pick % Math.max(live.length, 1)]
            height++
            if (!paid) continue
            const cost = (paid.amount * action.part) / 100n
            for (const each of sameNonce(paid)) {
              if (each.state !== 'reserved') continue
              each.state = each === paid ? 'settled' : 'released'
              each.cost = each === paid ? cost : 0n
              each.block = height
            }
            await advance({
              charges: [
                {
                  chainId,
                  paymaster,
                  sender: paid.sender,
                  nonce: paid.nonce,
                  userOpHash: paid.id,
                  cost,
                  transactionHash: paid.id,
                  blockNumber: height,
                },
              ],
            })
          } else if (action.kind === 'consume') {
            height++
            const key = { sender: senders[action.sender] ?? '0x', nonce: action.nonce }
            for (const each of sameNonce(key)) {
              if (each.state !== 'reserved') continue
              each.state = 'released'
              each.block = height
            }
            await advance({ consumed: [{ chainId, paymaster, ...key, blockNumber: height }] })
          } else if (action.kind === 'wait') {
            now += action.seconds
            height++
            await advance({})
          } else if (action.kind === 'rewind') {
            height = height > action.blocks ? height - action.blocks : 0n
            await ledger.rewind(chainId, height)
            for (const each of signatures.values()) {
              if (each.block === undefined || each.block <= height) continue
              each.state = 'reserved'
              each.cost = 0n
              each.block = undefined
            }
          } else {
            await ledger.close()
            ledger = await openLedger(location)
          }

          const all = [...signatures.values()]
          const usage = await ledger.usage(policy, now)
          expect({ reserved: usage.reserved, settled: usage.settled }).toEqual(
            expected(all, () => true),
          )
          expect(usage.free + usage.reserved + usage.settled).toBe(budget)
          // A reorganisation may bring back what was freed; without one nothing exceeds a cap.
          if (!steps.some(({ kind }) => kind === 'rewind')) {
            expect(usage.free).toBeGreaterThanOrEqual(0n)
            for (const each of senders) {
              const { reserved, settled } = expected(all, (one) => one.sender === each)
              expect(reserved + settled).toBeLessThanOrEqual(userBudget)
            }
          }
        }
        await ledger.close()
      }),
      { numRuns: 60 },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}, 120_000)
