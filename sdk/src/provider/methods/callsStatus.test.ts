import { expect, test, vi } from 'vitest'
import { batchHash, batchWallet } from '../../testing/batchWallet.ts'

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

/** What the app is told of its batch, and what the wallet still keeps of it. */
async function askOnce(answers: Answers) {
  const { ask, send, sent, lanes } = await batchWallet(answers)
  await send('order-1')
  await lanes.run(async () => batchHash, vi.fn(), 20)
  const status = await ask('wallet_getCallsStatus', 'order-1')
  const settled = vi.fn()
  await lanes.run(async () => batchHash, settled, 20)
  return { status, keepsOperation: sent.find(batchHash) !== undefined, settled }
}

test.each<{ end: string; status: number; answers: Answers }>([
  { end: 'included', status: 200, answers: { eth_getUserOperationReceipt: () => receipt } },
  {
    end: 'dropped',
    status: 400,
    answers: {
      eth_getUserOperationReceipt: () => null,
      pimlico_getUserOperationStatus: () => ({ status: 'rejected', transactionHash: null }),
    },
  },
])(
  'an operation that was $end is forgotten, and its nonce lane is free',
  async ({ answers, ...expected }) => {
    const { status, keepsOperation, settled } = await askOnce(answers)
    expect(status).toMatchObject({ status: expected.status })
    expect(keepsOperation).toBe(false)
    expect(settled).not.toHaveBeenCalled()
  },
)

test('one that is pending is kept, and so is its lane', async () => {
  const { status, keepsOperation, settled } = await askOnce({
    eth_getUserOperationReceipt: () => null,
    pimlico_getUserOperationStatus: () => ({ status: 'submitted', transactionHash: null }),
  })
  expect(status).toMatchObject({ status: 100 })
  expect(keepsOperation).toBe(true)
  expect(settled).toHaveBeenCalledExactlyOnceWith(batchHash)
})
