import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  FabstirError,
  postJob,
  type UserOperationTimeoutError,
  UserOperationUnansweredError,
  usdc,
  waitForOperation,
} from '@fabstir/sdk'
import { http } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys } from '../../../devnet/src/apps.ts'
import { freshKey } from '../sdkFixture.ts'
import { type Answer, lost, result, type ServiceProxy, tamper } from '../sdkServiceProxy.ts'
import { job, memoryStorage, type SendingFixture, sendingFixture } from './sendingFixture.ts'

let devnet: Devnet
let fixture: SendingFixture
let bundler: ServiceProxy
let paymaster: ServiceProxy

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sendingFixture(devnet)
  bundler = await fixture.proxyTo(devnet.bundlerUrl)
  paymaster = await fixture.proxyTo(devnet.paymasterUrl)
}, 180_000)
afterEach(async () => {
  bundler.answer()
  paymaster.answer()
  await fixture.ask('debug_bundler_setBundlingMode', ['auto'])
})
afterAll(async () => {
  await fixture?.close()
  await devnet?.close()
})

const before: Answer = async () => lost
const after: Answer = async (_, forward) => {
  await forward()
  return lost
}
const viaBoth = () => ({
  transport: fixture.via(bundler),
  paymaster: http(paymaster.url, {
    retryCount: 0,
    fetchOptions: { headers: { Authorization: `Bearer ${apiKeys.demo}` } },
  }),
})
/** Takes the operation, and answers nothing from then on. */
function takenThenGone(): Answer {
  let taken = false
  return async ({ method }, forward) => {
    if (taken) return lost
    taken = method === 'eth_sendUserOperation'
    const answer = await forward()
    return taken ? lost : answer
  }
}
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('an answer that a proxy drops', () => {
  const methods = [
    'eth_sendUserOperation',
    'eth_getUserOperationReceipt',
    'eth_getUserOperationByHash',
    'eth_estimateUserOperationGas',
    'pimlico_getUserOperationGasPrice',
    'pm_getPaymasterStubData',
    'pm_getPaymasterData',
  ]
  const ways = { before, after }
  const cases = methods.flatMap((method) =>
    (['before', 'after'] as const).map((when) => ({ method, when })),
  )

  test.each(cases)(
    '$method, $when it was forwarded: tried until it is done, one operation',
    async ({ method, when }) => {
      const renter = await fixture.createRenter('1', viaBoth())
      for (const proxy of [bundler, paymaster]) proxy.answer(tamper(method, ways[when], 2))
      const tries: unknown[] = []
      do tries.push(await caught(renter.postJobSync(job)))
      while (tries.at(-1) && tries.length < 5)
      for (const error of tries.slice(0, -1)) expect(error).toBeInstanceOf(FabstirError)
      expect(tries.at(-1)).toBeUndefined()
      expect(await fixture.operationsOf(renter)).toHaveLength(1)
      expect(await fixture.jobsOf(renter)).toHaveLength(1)
    },
  )

  test('a fifth of all answers, of everything at once, with four callers in two lanes: four operations', async () => {
    const renter = await fixture.createRenter('4', { ...viaBoth(), nonceLanes: 2 })
    let count = 0
    const everyFifth: Answer = async (request, forward) => {
      count += 1
      return count % 5 === 0 ? after(request, forward) : forward()
    }
    for (const proxy of [bundler, paymaster]) proxy.answer(everyFifth)
    const post = async (prompt: string) => {
      for (let tries = 0; tries < 30; tries += 1)
        if (!(await caught(renter.postJobSync({ ...job, prompt })))) return
      throw new Error('never posted')
    }
    await Promise.all(['bafya', 'bafyb', 'bafyc', 'bafyd'].map(post))
    expect(await fixture.operationsOf(renter)).toHaveLength(4)
    expect(await fixture.jobsOf(renter)).toHaveLength(4)
  })

  test('who has spent all of it by an operation without an answer is not told that it is too little', async () => {
    const renter = await fixture.createRenter('1', { ...viaBoth(), timeout: 1500 })
    bundler.answer(takenThenGone())
    const unanswered = await caught(renter.postJobSync(job))
    expect(unanswered).toBeInstanceOf(UserOperationUnansweredError)
    bundler.answer()
    await expect.poll(() => fixture.jobsOf(renter)).toHaveLength(1)
    const { userOperationHash } = await renter.postJobSync(job)
    expect(userOperationHash).toBe((unanswered as UserOperationUnansweredError).hash)
    expect(await fixture.operationsOf(renter)).toEqual([userOperationHash])
  })

  test('what was refused when it was sent again does not get beside what replaces it', async () => {
    const renter = await fixture.createRenter('2', { ...viaBoth(), timeout: 1500 })
    await fixture.ask('debug_bundler_setBundlingMode', ['manual'])
    bundler.answer(takenThenGone())
    const { hash } = (await caught(renter.postJob(job))) as UserOperationUnansweredError
    // Nobody knows it any more, and it is refused for another reason than its nonce: but whoever has it may send it.
    let refused = false
    bundler.answer(async ({ method, id }, forward) => {
      if (method === 'eth_getUserOperationByHash') return result(id, null)
      if (method !== 'eth_sendUserOperation' || refused) return forward()
      refused = true
      const error = { code: -32504, message: 'throttled' }
      return JSON.stringify({ jsonrpc: '2.0', id, error })
    })
    const error = await caught(renter.postJob(job))
    await fixture.ask('debug_bundler_sendBundleNow')
    await fixture.ask('debug_bundler_setBundlingMode', ['auto'])
    bundler.answer()
    if (error) await renter.postJobSync(job)
    const operations = await fixture.operationsOf(renter)
    expect(operations).toHaveLength(1)
    expect(refused).toBe(true)
    expect(hash).toMatch(/^0x[\da-f]{64}$/)
    expect(await fixture.jobsOf(renter)).toHaveLength(1)
  })
})

describe('a client that starts anew', () => {
  test('finds what the one before it sent without an answer, though all the money is spent', async () => {
    const owner = freshKey()
    const storage = memoryStorage()
    const first = await fixture.createRenter('1', { ...viaBoth(), owner, timeout: 1500, storage })
    bundler.answer(takenThenGone())
    const { hash } = (await caught(first.postJob(job))) as UserOperationUnansweredError
    bundler.answer()
    await expect.poll(() => fixture.jobsOf(first)).toHaveLength(1)
    const second = await fixture.createClient({ ...viaBoth(), owner, storage: storage.restarted() })
    expect(await second.postJob(job)).toBe(hash)
    expect(await fixture.operationsOf(second)).toEqual([hash])
  })

  test('finds what the one before it was waiting for, and gets its event', async () => {
    const owner = freshKey()
    const storage = memoryStorage()
    const first = await fixture.createRenter('2', { owner, storage, timeout: 1500 })
    await fixture.ask('debug_bundler_setBundlingMode', ['manual'])
    const { hash } = (await caught(first.postJobSync(job))) as UserOperationTimeoutError
    await fixture.ask('debug_bundler_setBundlingMode', ['auto'])
    const second = await fixture.createClient({ owner, storage: storage.restarted() })
    await fixture.ask('debug_bundler_sendBundleNow')
    expect(await second.postJobSync(job)).toMatchObject({
      userOperationHash: hash,
      payment: 1_000_000n,
    })
    expect(await fixture.operationsOf(second)).toEqual([hash])
    // That one has ended: the same calls are a new operation.
    await second.postJobSync(job)
    expect(await fixture.operationsOf(second)).toHaveLength(2)
  })

  test('does not take over what the one before it has handed to its caller', async () => {
    const owner = freshKey()
    const storage = memoryStorage()
    const first = await fixture.createRenter('2', { owner, storage })
    const hash = await first.postJob(job)
    await waitForOperation(first, { hash })
    const second = await fixture.createClient({ owner, storage: storage.restarted() })
    expect(await second.postJob(job)).not.toBe(hash)
  })

  test('waits for an operation of which it knows the hash alone', async () => {
    const owner = freshKey()
    const first = await fixture.createRenter('1', { owner, timeout: 1500 })
    await fixture.ask('debug_bundler_setBundlingMode', ['manual'])
    const { hash } = (await caught(first.postJobSync(job))) as UserOperationTimeoutError
    await fixture.ask('debug_bundler_setBundlingMode', ['auto'])
    const second = await fixture.createClient({ owner })
    const waiting = waitForOperation(second, { hash })
    await fixture.ask('debug_bundler_sendBundleNow')
    expect(await waiting).toMatchObject({ success: true, userOpHash: hash })
  })
})

test('a bundler that has forgotten what it included is overruled by the chain', async () => {
  const renter = await fixture.createRenter('3', { transport: fixture.via(bundler) })
  bundler.answer(async ({ method, id }, forward) => {
    if (method === 'eth_getUserOperationReceipt') return result(id, null)
    if (method === 'pimlico_getUserOperationStatus')
      return result(id, { status: 'not_found', transactionHash: null })
    return forward()
  })
  const [first, second] = await renter.batchSync([
    postJob.call(job),
    postJob.call({ ...job, payment: usdc(2) }),
  ])
  expect([first.payment, second.payment]).toEqual([1_000_000n, 2_000_000n])
  const [hash = '0x'] = await fixture.operationsOf(renter)
  const fromChain = await waitForOperation(renter, { hash })
  bundler.answer()
  const fromBundler = await waitForOperation(renter, { hash })
  const { sender, success, actualGasCost, actualGasUsed, logs, receipt } = fromBundler
  expect(fromChain).toMatchObject({ success, actualGasCost, actualGasUsed, logs })
  expect(fromChain.sender.toLowerCase()).toBe(sender.toLowerCase())
  expect(fromChain.receipt.transactionHash).toBe(receipt.transactionHash)
})
