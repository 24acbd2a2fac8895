import { expect, test, vi } from 'vitest'
import { batchCallData, batchHash, batchWallet } from '../../testing/batchWallet.ts'

const receipt = {
  userOpHash: batchHash,
  success: true,
  nonce: '0x0',
  actualGasCost: '0x1',
  actualGasUsed: '0x1',
  logs: [],
  receipt: {
    transactionHash: batchHash,
    blockHash: batchHash,
    blockNumber: '0x1',
    gasUsed: '0x1',
    logs: [],
    status: '0x1',
  },
}

type Answers = Readonly<Record<string, () => unknown>>

const dropped = () => ({ status: 'rejected', transactionHash: null })
const pending = () => ({ status: 'submitted', transactionHash: null })

/** What the app is told of its batch, of which it asks several times, and what the wallet still keeps of it. */
async function askTimes(times: number, answers: Answers) {
  const { ask, send, sent, lanes } = await batchWallet(answers)
  await send('order-1')
  const statuses: unknown[] = []
  for (let asked = 0; asked < times; asked += 1) {
    const { status } = (await ask('wallet_getCallsStatus', 'order-1')) as { status: number }
    statuses.push(status)
  }
  const settled = vi.fn(async () => undefined)
  await lanes.run({ send: async () => undefined, settled, timeout: 20 })
  const isKept = sent.isOpen(batchHash)
  return { statuses, isKept, taken: (await sent.take(batchCallData))?.state, settled }
}

test('an operation that was included is forgotten, and its nonce lane is free', async () => {
  const answers = { eth_getUserOperationReceipt: () => receipt }
  const { statuses, isKept, settled } = await askTimes(1, answers)
  expect(statuses).toEqual([200])
  expect(isKept).toBe(false)
  expect(settled).not.toHaveBeenCalled()
})

test('of one that was dropped, which takes two answers, the nonce is kept for its calls', async () => {
  const { statuses, taken, settled } = await askTimes(2, {
    eth_getUserOperationReceipt: () => null,
    pimlico_getUserOperationStatus: dropped,
  })
  expect(statuses).toEqual([100, 400])
  expect(taken).toBe('dropped')
  expect(settled).not.toHaveBeenCalled()
})

test.each([
  { name: 'is pending', answers: [pending] },
  { name: 'another server still has', answers: [dropped, pending, dropped] },
])('one that $name is kept, and so is its lane', async ({ answers }) => {
  let asked = 0
  const { statuses, isKept, taken, settled } = await askTimes(answers.length, {
    eth_getUserOperationReceipt: () => null,
    pimlico_getUserOperationStatus: () => answers[asked++]?.(),
  })
  expect(new Set(statuses)).toEqual(new Set([100]))
  expect(isKept).toBe(true)
  expect(taken).toBeUndefined()
  expect(settled).toHaveBeenCalledExactlyOnceWith(batchHash)
})
