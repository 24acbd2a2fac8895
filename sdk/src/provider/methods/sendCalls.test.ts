import { TimeoutError } from 'viem'
import { afterEach, expect, test, vi } from 'vitest'
import { batchCallData, batchHash, batchWallet } from '../../testing/batchWallet.ts'

afterEach(() => vi.restoreAllMocks())

const unanswered = () => {
  throw new TimeoutError({ body: {}, url: 'http://bundler.test' })
}

test.each([
  { what: 'the bundler has', answers: {} },
  {
    what: 'nobody has heard of',
    answers: { eth_sendUserOperation: unanswered, eth_getUserOperationReceipt: unanswered },
  },
])(
  'an operation that $what is its batch’s own: the same calls are another one',
  async ({ answers }) => {
    const { send, sent, sentBefore } = await batchWallet(answers)
    expect(await send('order-1')).toEqual({ id: 'order-1' })
    expect(await sent.take(batchCallData)).toBeUndefined()
    expect(await sentBefore().take(batchCallData)).toBeUndefined()
    expect(sent.find(batchHash)).toBeDefined()
  },
)

test('a record that cannot be stored fails no send: the app would send again', async () => {
  const told = vi.spyOn(console, 'error').mockReturnValue()
  const full = new Error('quota exceeded')
  const setItem = vi.fn(() => {
    throw full
  })
  const { ask, send } = await batchWallet({}, { storage: { getItem: () => null, setItem } })
  expect(await send('order-1')).toEqual({ id: 'order-1' })
  await expect(send('order-1')).rejects.toMatchObject({ code: 5720 })
  expect(await ask('wallet_revokePermissions', { eth_accounts: {} })).toBeNull()
  // Connected, sent, disconnected: a write that failed does not end the writing.
  expect(setItem).toHaveBeenCalledTimes(3)
  expect(told.mock.calls).toEqual([[full], [full], [full]])
})
