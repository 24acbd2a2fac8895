import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  BundlerUnreachableError,
  createFabstirClient,
  failover,
  UserOperationDroppedError,
  UserOperationTimeoutError,
  usdc,
  waitForOperation,
} from '@fabstir/sdk'
import { fallback, numberToHex, type Transport } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freshKey } from '../sdkFixture.ts'
import {
  type Answer,
  lost,
  result,
  type ServiceProxy,
  silent,
  startServiceProxy,
  tamper,
} from '../sdkServiceProxy.ts'
import { job, type SendingFixture, sendingFixture } from './sendingFixture.ts'

let devnet: Devnet
let fixture: SendingFixture
/** Before the devnet's bundler, which includes at once. */
let second: ServiceProxy
/** Includes only when it is told to. */
let other: Awaited<ReturnType<SendingFixture['startBundler']>>

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sendingFixture(devnet)
  second = await fixture.proxyTo(devnet.bundlerUrl)
  other = await fixture.startBundler('manual')
}, 180_000)
afterEach(async () => {
  second.answer()
  other.proxy.answer()
  await other.ask('debug_bundler_clearState')
})
afterAll(async () => {
  await fixture?.close()
  await devnet?.close()
})

const both = (timeout = 10_000) =>
  failover([fixture.via(other.proxy), fixture.via(second)], { timeout })
const forgetting: Answer = async ({ method }, forward) => {
  const answer = await forward()
  if (method === 'eth_sendUserOperation') await other.ask('debug_bundler_clearState')
  return answer
}
const failing: Answer = async () => ({ status: 502, body: '<html>Bad Gateway</html>' })
const limited: Answer = async ({ id }) => {
  const error = { code: -32005, message: 'rate limit', data: { retryAfterMs: 60_000 } }
  return JSON.stringify({ jsonrpc: '2.0', id, error })
}

describe('of two bundlers', () => {
  test.each([
    { name: 'ends every connection', answer: async () => lost },
    { name: 'hangs', answer: async () => silent, timeout: 2000 },
    { name: 'answers 502', answer: failing },
    { name: 'answers 429', answer: async () => ({ status: 429, body: 'slow down' }) },
    { name: 'takes no more requests', answer: limited },
    { name: 'forgets what it takes', answer: forgetting },
    { name: 'takes it and never says so', answer: tamper('eth_sendUserOperation', takenNotSaid) },
  ] satisfies { name: string; answer: Answer; timeout?: number }[])(
    'the first $name: one operation, by the second',
    async ({ answer, timeout }) => {
      const renter = await fixture.createRenter('2', { transport: both(timeout) })
      other.proxy.answer(answer)
      for (const posted of [1, 2]) {
        await renter.postJobSync(job)
        expect(await fixture.operationsOf(renter)).toHaveLength(posted)
      }
      expect(await fixture.jobsOf(renter)).toHaveLength(2)
    },
  )

  test('both have it: it is on chain once', async () => {
    const renter = await fixture.createRenter('1', { transport: both() })
    other.proxy.answer(tamper('eth_sendUserOperation', takenNotSaid))
    const hash = await renter.postJob(job)
    await other.ask('debug_bundler_sendBundleNow')
    expect(await waitForOperation(renter, { hash })).toMatchObject({ success: true })
    expect(await fixture.operationsOf(renter)).toEqual([hash])
  })

  test('a dead address is passed over', async () => {
    const gone = await startServiceProxy(devnet.bundlerUrl)
    await gone.close()
    for (const several of [failover, fallback] as const) {
      const transport = several([fixture.via(gone), fixture.via(second)]) as Transport
      const renter = await fixture.createRenter('1', { transport })
      await renter.postJobSync(job)
      expect(await fixture.operationsOf(renter)).toHaveLength(1)
    }
  })

  test('none answers: the error comes, and nothing was sent', async () => {
    const renter = await fixture.createRenter('1', { transport: both(500), timeout: 30_000 })
    for (const proxy of [other.proxy, second]) proxy.answer(async () => silent)
    await expect(renter.postJob(job)).rejects.toBeInstanceOf(BundlerUnreachableError)
    expect(await fixture.operationsOf(renter)).toEqual([])
  })

  test('both go silent after they took it: the time-out keeps the hash, and it goes on', async () => {
    const renter = await fixture.createRenter('1', { transport: both(), timeout: 5000 })
    let sent = false
    const untilSent: Answer = async ({ method }, forward) => {
      if (sent) return silent
      const answer = await forward()
      sent = method === 'eth_sendUserOperation'
      return answer
    }
    for (const proxy of [other.proxy, second]) proxy.answer(untilSent)
    const timedOut = await renter.postJobSync(job).catch((error: unknown) => error)
    expect(timedOut).toBeInstanceOf(UserOperationTimeoutError)
    const { hash } = timedOut as UserOperationTimeoutError
    for (const proxy of [other.proxy, second]) proxy.answer()
    await other.ask('debug_bundler_sendBundleNow')
    expect(await waitForOperation(renter, { hash })).toMatchObject({ success: true })
    expect(await fixture.operationsOf(renter)).toEqual([hash])
  })
})

describe('what is dropped rejects', () => {
  const droppedOf = async (waiting: Promise<unknown>) => {
    const error = await waiting.catch((error: unknown) => error)
    expect(error).toBeInstanceOf(UserOperationDroppedError)
    return error as UserOperationDroppedError
  }

  test('by a bundler that was killed and has lost its disk', async () => {
    const renter = await fixture.createRenter('1', { transport: fixture.via(other) })
    const hash = await renter.postJob(job)
    await other.loseEverything()
    const dropped = await droppedOf(waitForOperation(renter, { hash }))
    expect(dropped).toMatchObject({ hash, reason: 'not_found', broadcast: false })
    const again = await renter.postJob(job)
    await other.ask('debug_bundler_sendBundleNow')
    await waitForOperation(renter, { hash: again })
    expect(await fixture.operationsOf(renter)).toEqual([again])
  })

  test('when another operation has taken its nonce', async () => {
    const owner = freshKey()
    const renter = await fixture.createRenter('2', { owner, transport: fixture.via(other) })
    const hash = await renter.postJob(job)
    const elsewhere = await fixture.createClient({ owner })
    await elsewhere.postJobSync({ ...job, prompt: 'bafyother' })
    const waiting = waitForOperation(renter, { hash })
    await other.ask('debug_bundler_sendBundleNow')
    expect(await droppedOf(waiting)).toMatchObject({ hash, broadcast: false })
    expect(await fixture.operationsOf(renter)).toHaveLength(1)
  })

  test('when its fee was too low, and another one with its nonce pays more', async () => {
    const owner = freshKey()
    const renter = await fixture.createRenter('2', { owner, transport: fixture.via(other) })
    const hash = await renter.postJob(job)
    other.proxy.answer(tamper('pimlico_getUserOperationGasPrice', dearer))
    const eager = await fixture.createClient({ owner, transport: fixture.via(other.proxy) })
    const replacement = await eager.postJob({ ...job, prompt: 'bafyother' })
    expect(await droppedOf(waitForOperation(renter, { hash }))).toMatchObject({
      hash,
      reason: 'replaced',
      broadcast: false,
    })
    await other.ask('debug_bundler_sendBundleNow')
    await waitForOperation(eager, { hash: replacement })
    expect(await fixture.operationsOf(renter)).toEqual([replacement])
  })

  test('when the time of its session key is over', async () => {
    const key = freshKey()
    const renter = await fixture.createSelfPaid({ usdc: '2' })
    const grant = await renter.grantSession({
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(2) } },
      maxGasCost: 10n ** 18n,
    })
    const { account } = renter.withSession(grant, key)
    const app = createFabstirClient({
      account,
      transport: fixture.via(other),
      pollingInterval: 20,
      timeout: 30_000,
    })
    const hash = await app.postJob(job)
    await fixture.pass(7200)
    const waiting = waitForOperation(app, { hash })
    await other.ask('debug_bundler_sendBundleNow')
    expect(await droppedOf(waiting)).toMatchObject({ hash, broadcast: false })
    expect(await fixture.operationsOf(app)).toEqual([])
  })
})

/** Takes an operation, and answers so late that nobody hears it. */
async function takenNotSaid(...[, forward]: Parameters<Answer>): ReturnType<Answer> {
  await forward()
  return lost
}

/** Three times the fees that the bundler asks for. */
const dearer: Answer = async ({ id }, forward) => {
  const prices = (JSON.parse(await forward()) as { result: Record<string, Record<string, string>> })
    .result
  const tripled = Object.fromEntries(
    Object.entries(prices).map(([name, price]) => [
      name,
      Object.fromEntries(
        Object.entries(price).map(([fee, value]) => [fee, numberToHex(BigInt(value) * 3n)]),
      ),
    ]),
  )
  return result(id, tripled)
}
