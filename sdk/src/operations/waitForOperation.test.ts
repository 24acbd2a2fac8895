import { createClient, custom, type Hash, numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import { UserOperationDroppedError, UserOperationTimeoutError } from '../errors/userOperation.ts'
import { waitForOperation } from './waitForOperation.ts'

const hash: Hash = `0x${'ab'.repeat(32)}`
const receipt = {
  userOpHash: hash,
  nonce: '0x0',
  actualGasCost: '0x1',
  actualGasUsed: '0x1',
  success: true,
  logs: [],
  receipt: { transactionHash: hash, blockNumber: numberToHex(1), logs: [], status: '0x1' },
}
type Answer = (asked: number) => unknown

/** A bundler that answers the nth question for the receipt, and for the status, as it is told. */
function bundler(answers: { receipt: Answer; status?: Answer; explain?: Answer }) {
  const asked = { receipt: 0, status: 0 }
  const client = createClient({
    transport: custom(
      {
        async request({ method }: { method: string }) {
          if (method === 'eth_getUserOperationReceipt') return answers.receipt(++asked.receipt)
          if (method === 'bundler_explainUserOperation' && answers.explain)
            return answers.explain(1)
          if (method === 'pimlico_getUserOperationStatus' && answers.status)
            return answers.status(++asked.status)
          throw Object.assign(new Error('no such method'), { code: -32601 })
        },
      },
      { retryCount: 0 },
    ),
  })
  return { asked, client: Object.assign(client, { wait: { pollingInterval: 1, timeout: 2000 } }) }
}
const never = () => null
const status = (name: string, transactionHash: Hash | null = null) => ({
  status: name,
  transactionHash,
})

describe('waitForOperation', () => {
  test('asks until there is a receipt', async () => {
    const { client, asked } = bundler({ receipt: (n) => (n < 4 ? null : receipt) })
    expect((await waitForOperation(client, { hash })).success).toBe(true)
    expect(asked.receipt).toBe(4)
  })

  test('a question without an answer is asked again', async () => {
    const { client } = bundler({
      receipt: (n) => {
        if (n < 3) throw new Error('connection reset')
        return receipt
      },
    })
    expect((await waitForOperation(client, { hash })).userOpHash).toBe(hash)
  })

  test.each([
    { name: 'not_found', transactionHash: null, broadcast: false },
    { name: 'rejected', transactionHash: null, broadcast: false },
    { name: 'failed', transactionHash: hash, broadcast: true },
  ])('rejects when the bundler says $name', async ({ name, transactionHash, broadcast }) => {
    const { client } = bundler({ receipt: never, status: () => status(name, transactionHash) })
    const waiting = waitForOperation(client, { hash })
    await expect(waiting).rejects.toBeInstanceOf(UserOperationDroppedError)
    await expect(waiting).rejects.toMatchObject({ hash, reason: name, broadcast })
  })

  test.each(['not_found', 'rejected', 'failed'])(
    'one server that says %s is not believed alone',
    async (name) => {
      const { client, asked } = bundler({
        receipt: (n) => (n < 20 ? null : receipt),
        status: (n) => status(n % 2 ? name : 'submitted'),
      })
      expect((await waitForOperation(client, { hash })).userOpHash).toBe(hash)
      expect(asked.status).toBeGreaterThanOrEqual(4)
    },
  )

  test('a bundler that never answers does not hold the caller beyond the time-out', async () => {
    const { client } = bundler({ receipt: () => new Promise(() => undefined) })
    await expect(waitForOperation(client, { hash, timeout: 30 })).rejects.toBeInstanceOf(
      UserOperationTimeoutError,
    )
  })

  test.each(['included', 'dropped'])(
    'tells the queues of an operation that was %s',
    async (end) => {
      const ended: string[] = []
      const { client } = bundler({
        receipt: () => (end === 'included' ? receipt : null),
        status: () => status('rejected'),
      })
      const queues = {
        lanes: { release: (of: Hash) => ended.push(`lane ${of}`) },
        sent: {
          find: () => undefined,
          forget: (of: Hash) => ended.push(`included ${of}`),
          lose: (of: Hash, state: string) => ended.push(`${state} ${of}`),
        },
      }
      const waiting = waitForOperation(Object.assign(client, queues) as never, { hash })
      await waiting.catch(() => undefined)
      expect(ended).toEqual([`lane ${hash}`, `${end} ${hash}`])
    },
  )

  test('an operation that was included between two answers is not called dropped', async () => {
    const { client } = bundler({
      receipt: (n) => (n <= 5 ? null : receipt),
      status: () => status('not_found'),
    })
    expect((await waitForOperation(client, { hash })).userOpHash).toBe(hash)
  })

  test.each(['not_submitted', 'submitted', 'included'])(
    'goes on waiting while %s',
    async (name) => {
      const { client, asked } = bundler({
        receipt: (n) => (n < 12 ? null : receipt),
        status: () => status(name),
      })
      await waitForOperation(client, { hash })
      expect(asked.status).toBe(2)
    },
  )

  test('waits without the status where the bundler does not offer it, and not for ever', async () => {
    const { client } = bundler({ receipt: never })
    const waiting = waitForOperation(client, { hash, timeout: 30 })
    await expect(waiting).rejects.toBeInstanceOf(UserOperationTimeoutError)
    await expect(waiting).rejects.toMatchObject({ hash })
  })

  test('an operation that the bundlers have forgotten is sent to all of them again, once', async () => {
    const resent: unknown[] = []
    const { client } = bundler({
      receipt: (n) => (resent.length > 0 && n > 12 ? receipt : null),
      status: () => status(resent.length > 0 ? 'submitted' : 'not_found'),
    })
    const several = Object.assign(client, {
      transport: { ...client.transport, resend: async (params: unknown[]) => resent.push(params) },
      account: { entryPoint: { address: '0xentry' } },
      sent: {
        find: () => ({ hash, earlier: [], request: 'signed' }),
        forget: () => undefined,
        lose: () => undefined,
      },
    })
    expect((await waitForOperation(several as never, { hash })).userOpHash).toBe(hash)
    expect(resent).toEqual([['signed', '0xentry']])
  })

  test('and is dropped when they forget it again', async () => {
    let resent = 0
    const { client } = bundler({ receipt: never, status: () => status('not_found') })
    const several = Object.assign(client, {
      transport: { ...client.transport, resend: async () => ++resent },
      account: { entryPoint: { address: '0xentry' } },
      sent: {
        find: () => ({ hash, earlier: [], request: 'signed' }),
        forget: () => undefined,
        lose: () => undefined,
      },
    })
    const waiting = waitForOperation(several as never, { hash })
    await expect(waiting).rejects.toBeInstanceOf(UserOperationDroppedError)
    expect(resent).toBe(1)
  })

  test('the rule by which it was dropped is told where the bundler knows it', async () => {
    const { client } = bundler({
      receipt: never,
      status: () => status('rejected'),
      explain: () => ({ stage: 'dropped', rule: 'replaced', message: 'replaced by 0x12' }),
    })
    const waiting = waitForOperation(client, { hash })
    await expect(waiting).rejects.toMatchObject({ hash, reason: 'replaced' })
  })
})
