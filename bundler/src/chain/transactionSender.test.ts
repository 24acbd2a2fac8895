import { describe, expect, test } from 'vitest'
import { RpcError } from '../types/rpcError.ts'
import { ChainError } from './reader.ts'
import { classifyRefusal, createTransactionSender } from './transactionSender.ts'

const transaction = { hash: '0x01', raw: '0x02' } as const
const context = { head: 10, waitedBlocks: 0 }

describe('classifyRefusal', () => {
  test.each([
    { message: 'already known', outcome: { type: 'accepted' } },
    { message: 'transaction already imported', outcome: { type: 'accepted' } },
    { message: 'AlreadyKnown', outcome: { type: 'accepted' } },
    { message: 'OwnNonceAlreadyUsed', outcome: { type: 'nonceTooLow' } },
    { message: 'nonce too low', outcome: { type: 'nonceTooLow' } },
    { message: 'nonce too low: next nonce 5, tx nonce 4', outcome: { type: 'nonceTooLow' } },
  ])('$message', ({ message, outcome }) => {
    expect(classifyRefusal(message)).toEqual(outcome)
  })

  test.each([
    { message: 'Insufficient funds for gas * price + value', cause: 'insufficientFunds' },
    { message: 'replacement transaction underpriced', cause: 'underpriced' },
    { message: 'max fee per gas less than block base fee', cause: 'underpriced' },
    { message: 'storage slot value mismatch', cause: 'conditions' },
    { message: 'Nonce too high. Expected nonce to be 0 but got 1.', cause: 'nonceTooHigh' },
    { message: 'NonceGap, Future nonce. Expected nonce: 3', cause: 'nonceTooHigh' },
    { message: 'exceeds block gas limit', cause: 'other' },
  ])('$message is a refusal: $cause', ({ message, cause }) => {
    expect(classifyRefusal(message)).toEqual({ type: 'refused', cause, message })
  })
})

test('an unreachable node leaves the outcome open', async () => {
  const sender = createTransactionSender({
    request: () => Promise.reject(new RpcError(-32000, 'no answer', { reason: 'nodeUnavailable' })),
  })
  expect(await sender.send(transaction, context)).toEqual({ type: 'unknown', message: 'no answer' })
})

test('an error of the node is classified', async () => {
  const sender = createTransactionSender({
    request: (method) => Promise.reject(new ChainError(method, -32003, 'nonce too low')),
  })
  expect(await sender.send(transaction, context)).toEqual({ type: 'nonceTooLow' })
})

test.each([
  { code: -32603, message: 'something broke' },
  { code: -32005, message: 'daily request count exceeded' },
  { code: -32000, message: 'upstream request timed out' },
  { code: -32000, message: 'service temporarily unavailable' },
])(
  '$code $message leaves the outcome open: it may have been passed on',
  async ({ code, message }) => {
    const sender = createTransactionSender({
      request: (method) => Promise.reject(new ChainError(method, code, message)),
    })
    expect(await sender.send(transaction, context)).toEqual({ type: 'unknown', message })
  },
)

test.each([
  'replacement transaction underpriced',
  'exceeds block gas limit',
  'in-flight transaction limit reached for delegated accounts',
  'oversized data: transaction size 131073, limit 131072',
])('%s is a refusal', async (message) => {
  const sender = createTransactionSender({
    request: (method) => Promise.reject(new ChainError(method, -32000, message)),
  })
  expect(await sender.send(transaction, context)).toMatchObject({ type: 'refused' })
})
