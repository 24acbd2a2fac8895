import { describe, expect, test } from 'vitest'
import type { SendContext, SendOutcome, TransactionSender } from '../../chain/transactionSender.ts'
import { testAddress, testHash } from '../../testing/pooledOperation.ts'
import { createConditionalSender } from './conditionalSender.ts'
import { fanOut, withFallback } from './fanOut.ts'
import { createPrivateTransactionSender, createRelayBundleSender } from './relaySender.ts'

const transaction = { hash: testHash(1), raw: '0x02' } as const
const context: SendContext = { head: 100, waitedBlocks: 0 }
const accepted: SendOutcome = { type: 'accepted' }
const unknown: SendOutcome = { type: 'unknown', message: '' }
const tooLow: SendOutcome = { type: 'nonceTooLow' }
const refused: SendOutcome = { type: 'refused', cause: 'other', message: 'no' }

/** A node or relay that takes everything and remembers it. */
function receiver() {
  const asked: { method: string; params: unknown[] }[] = []
  return {
    asked,
    async request(method: string, params: unknown[]) {
      asked.push({ method, params })
      return '0x'
    },
  }
}

function answering(outcome: SendOutcome): TransactionSender & { calls: number } {
  const sender = {
    calls: 0,
    async send() {
      sender.calls += 1
      return outcome
    },
  }
  return sender
}

describe('fanOut', () => {
  test.each([
    { outcomes: [refused, accepted, unknown], result: accepted },
    { outcomes: [refused, unknown, tooLow], result: tooLow },
    { outcomes: [refused, unknown], result: unknown },
    { outcomes: [refused, refused], result: refused },
  ])('$outcomes.length receivers: $result.type', async ({ outcomes, result }) => {
    const sender = fanOut(outcomes.map(answering))
    expect(await sender.send(transaction, context)).toEqual(result)
  })
})

describe('withFallback', () => {
  test.each([
    { afterBlocks: 3, waitedBlocks: 2, publicly: 0 },
    { afterBlocks: 3, waitedBlocks: 3, publicly: 1 },
    { afterBlocks: 0, waitedBlocks: 1_000, publicly: 0 },
  ])(
    'after $waitedBlocks of $afterBlocks blocks: $publicly times in public',
    async ({ afterBlocks, waitedBlocks, publicly }) => {
      const [relay, pool] = [answering(accepted), answering(accepted)]
      await withFallback(relay, pool, afterBlocks).send(transaction, { head: 100, waitedBlocks })
      expect([relay.calls, pool.calls]).toEqual([1, publicly])
    },
  )
})

describe('relays', () => {
  test('a private transaction is offered for 25 blocks', async () => {
    const relay = receiver()
    await createPrivateTransactionSender(relay).send(transaction, context)
    expect(relay.asked).toEqual([
      { method: 'eth_sendPrivateTransaction', params: [{ tx: '0x02', maxBlockNumber: '0x7d' }] },
    ])
  })

  test('a bundle is offered for each of the next three blocks', async () => {
    const relay = receiver()
    expect(await createRelayBundleSender(relay).send(transaction, context)).toEqual(accepted)
    expect(relay.asked.map(({ params: [bundle] }) => bundle)).toEqual([
      { txs: ['0x02'], blockNumber: '0x65' },
      { txs: ['0x02'], blockNumber: '0x66' },
      { txs: ['0x02'], blockNumber: '0x67' },
    ])
  })
})

describe('the conditional sender', () => {
  const slots = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [testHash(n), testHash(9)]))

  test('sends with the slots that validation depended on', async () => {
    const node = receiver()
    const conditions = { knownAccounts: { [testAddress(1)]: slots(2) }, timestampMax: 1_000 }
    await createConditionalSender(node).send(transaction, { ...context, conditions })
    expect(node.asked).toEqual([
      {
        method: 'eth_sendRawTransactionConditional',
        params: ['0x02', { knownAccounts: conditions.knownAccounts, timestampMax: '0x3e8' }],
      },
    ])
  })

  test.each([
    { name: 'without conditions', conditions: undefined },
    {
      name: 'with more slots than are checked',
      conditions: { knownAccounts: { [testAddress(1)]: slots(1_001) } },
    },
  ])('sends plainly $name', async ({ conditions }) => {
    const node = receiver()
    await createConditionalSender(node).send(transaction, { ...context, conditions })
    expect(node.asked.map(({ method }) => method)).toEqual(['eth_sendRawTransaction'])
  })
})
