import { parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { testBlock } from '../testing/bundle.ts'
import { testAddress, testHash } from '../testing/pooledOperation.ts'
import { createRefiller } from './refill.ts'

const treasury = privateKeyToAccount(testHash(3))
const executor = testAddress(1)

/** A chain on which `count` transactions of the treasury are mined. */
function scene(withTreasury = true) {
  const chain = { count: 0 }
  const sent: { nonce: number; value: bigint | undefined }[] = []
  const low: bigint[] = []
  let balance = 0n
  const refill = createRefiller({
    chainId: 1,
    balances: async () =>
      new Map([
        [executor, balance],
        [treasury.address, 10n ** 18n],
      ]),
    reader: { request: async () => chain.count },
    sender: {
      async send({ raw }) {
        const { nonce = 0, value } = parseTransaction(raw)
        sent.push({ nonce, value })
        return { type: 'accepted' }
      },
    },
    treasury: withTreasury ? treasury : undefined,
    policy: { below: 100n, upTo: 500n },
    marketFees: async () => ({ maxFeePerGas: 2n, maxPriorityFeePerGas: 1n }),
    onRefill: () => undefined,
    onLow: (_, balance) => low.push(balance),
  })
  const at = (number: number, wei: bigint) => {
    balance = wei
    return refill(testBlock(number))
  }
  return { chain, sent, low, at }
}

test('one transfer at a time; the next one only after a block with the first', async () => {
  const { chain, sent, low, at } = scene()
  await at(10, 30n)
  await at(11, 30n)
  expect(sent).toEqual([{ nonce: 0, value: 470n }])
  chain.count = 1
  await at(12, 30n)
  await at(13, 500n)
  expect(sent).toHaveLength(1)
  await at(14, 99n)
  expect(sent[1]).toEqual({ nonce: 1, value: 401n })
  expect(low).toEqual([30n, 99n])
})

test('one that is not mined for five blocks is made again on its own nonce', async () => {
  const { sent, at } = scene()
  await at(10, 30n)
  await at(14, 20n)
  await at(15, 20n)
  expect(sent).toEqual([
    { nonce: 0, value: 470n },
    { nonce: 0, value: 480n },
  ])
})

test('without treasury it is only told, once', async () => {
  const { sent, low, at } = scene(false)
  await at(10, 30n)
  await at(11, 20n)
  expect([sent, low]).toEqual([[], [30n]])
})
