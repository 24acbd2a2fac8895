import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  ContractRevertedError,
  type FabstirClient,
  fab,
  InsufficientBalanceError,
  NonceLaneBusyError,
  SessionKeyNotActiveError,
  UserOperationDroppedError,
  UserOperationRevertedError,
  UserOperationTimeoutError,
  UserOperationUnansweredError,
  usdc,
  waitForOperation,
} from '@fabstir/sdk'
import { fallback, http, numberToHex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { barrier, freshKey, sdkFixture } from './sdkFixture.ts'
import {
  type Answer,
  lost,
  result,
  type ServiceProxy,
  silent,
  startServiceProxy,
  tamper,
} from './sdkServiceProxy.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let bundler: ServiceProxy

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  bundler = await startServiceProxy(devnet.bundlerUrl)
}, 180_000)
afterEach(() => bundler.answer())
afterAll(async () => {
  await bundler?.close()
  await devnet?.close()
})

const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
const viaBundler = () => http(bundler.url, { retryCount: 0 })
const jobsOf = (client: FabstirClient) => fixture.jobsOf(client)

const doneButLost: Answer = async (_, forward) => {
  await forward()
  return lost
}
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
const bundling = (mode: 'manual' | 'auto') => ask('debug_bundler_setBundlingMode', [mode])
async function ask(method: string, params: unknown[] = []) {
  const response = await fetch(devnet.bundlerUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return ((await response.json()) as { result: unknown }).result
}

describe('an answer to a send that is lost', () => {
  test('the same signed operation is sent again: one job', async () => {
    const renter = await fixture.createRenter('2', { transport: viaBundler() })
    const before = bundler.seen('eth_sendUserOperation').length
    bundler.answer(tamper('eth_sendUserOperation', doneButLost, 1))
    await renter.postJobSync(job)
    const sent = bundler.seen('eth_sendUserOperation').slice(before)
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
    expect(await jobsOf(renter)).toHaveLength(1)
  })

  test('a request that never arrived is sent again', async () => {
    const renter = await fixture.createRenter('2', { transport: viaBundler() })
    bundler.answer(tamper('eth_sendUserOperation', async () => lost, 2))
    await renter.postJobSync(job)
    expect(await jobsOf(renter)).toHaveLength(1)
  })

  test('without any answer in time the error has the hash, and a retry makes no second operation', async () => {
    const renter = await fixture.createRenter('3', { transport: viaBundler(), timeout: 2_000 })
    bundler.answer(takenThenGone())
    const unanswered = await renter.postJob(job).catch((error: unknown) => error)
    expect(unanswered).toBeInstanceOf(UserOperationUnansweredError)
    const { hash } = unanswered as UserOperationUnansweredError

    bundler.answer()
    await expect.poll(() => jobsOf(renter)).toHaveLength(1)
    expect(await renter.postJob(job)).toBe(hash)
    expect(await jobsOf(renter)).toHaveLength(1)
    // What is known to have ended is over: the same calls are a new operation again.
    await renter.postJobSync(job)
    expect(await jobsOf(renter)).toHaveLength(2)
  })

  test('an app that has found its operation by the hash may send the same calls anew', async () => {
    const renter = await fixture.createRenter('3', { transport: viaBundler(), timeout: 2_000 })
    bundler.answer(takenThenGone())
    const { hash } = (await renter.postJob(job).catch((error: unknown) => error)) as {
      hash: `0x${string}`
    }
    bundler.answer()
    expect((await waitForOperation(renter, { hash, timeout: 5000 })).success).toBe(true)
    await renter.postJobSync(job)
    expect(await jobsOf(renter)).toHaveLength(2)
  })

  test('the same calls by another caller meanwhile are an operation of their own', async () => {
    const renter = await fixture.createRenter('2', { transport: viaBundler() })
    let sends = 0
    let other: Promise<unknown> | undefined
    bundler.answer(async ({ method }, forward) => {
      if (method === 'eth_sendUserOperation') sends += 1
      if (sends === 1) return lost
      // The first caller is still asking: nobody has told it anything yet.
      if (sends === 2) other ??= renter.postJobSync(job)
      return forward()
    })
    await renter.postJobSync(job)
    await other
    expect(await jobsOf(renter)).toHaveLength(2)
  })

  test('a second bundler takes over, and the operation is included once', async () => {
    const transport = fallback([viaBundler(), http(devnet.bundlerUrl)])
    const renter = await fixture.createRenter('2', { transport })
    bundler.answer(tamper('eth_sendUserOperation', doneButLost))
    await renter.postJobSync(job)
    expect(await jobsOf(renter)).toHaveLength(1)
  })
})

describe('an operation that does not get on chain', () => {
  afterEach(() => bundling('auto'))

  test('dropped by the bundler: the wait ends at once, and the next one is not held up', async () => {
    const renter = await fixture.createRenter('2')
    await bundling('manual')
    const hash = await renter.postJob(job)
    await ask('debug_bundler_clearState')
    const waiting = waitForOperation(renter, { hash })
    await expect(waiting).rejects.toBeInstanceOf(UserOperationDroppedError)
    await expect(waiting).rejects.toMatchObject({ hash, reason: 'not_found', broadcast: false })
    await bundling('auto')
    await renter.postJobSync(job)
    expect(await jobsOf(renter)).toHaveLength(1)
  })

  test('a time-out keeps the hash, and the operation can still be included', async () => {
    const renter = await fixture.createRenter('2', { timeout: 2_000 })
    await bundling('manual')
    const timedOut = await renter.postJobSync(job).catch((error: unknown) => error)
    expect(timedOut).toBeInstanceOf(UserOperationTimeoutError)
    const { hash } = timedOut as UserOperationTimeoutError
    await bundling('auto')
    await ask('debug_bundler_sendBundleNow')
    expect((await waitForOperation(renter, { hash, timeout: 10_000 })).success).toBe(true)
  })

  test('the next operation of the lane does not replace one that is still pending', async () => {
    const renter = await fixture.createRenter('2', { timeout: 2_000 })
    await bundling('manual')
    const first = await renter.postJob(job)
    const second = renter.postJob({ ...job, prompt: 'bafyother' })
    // Its own was not signed, so it has no hash; what is in its way has one.
    const refusal = await second.catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(NonceLaneBusyError)
    const { cause } = refusal as NonceLaneBusyError
    expect(cause).toBeInstanceOf(UserOperationTimeoutError)
    expect(cause).toMatchObject({ hash: first })
    await bundling('auto')
    await ask('debug_bundler_sendBundleNow')
    expect((await waitForOperation(renter, { hash: first, timeout: 10_000 })).success).toBe(true)
  })

  test('a bundler that falls silent does not hold the caller beyond the time-out', async () => {
    const renter = await fixture.createRenter('2', { transport: viaBundler(), timeout: 400 })
    bundler.answer(tamper('eth_getUserOperationReceipt', async () => silent))
    const started = performance.now()
    await expect(renter.postJobSync(job)).rejects.toBeInstanceOf(UserOperationTimeoutError)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('a session key that two clients of one app use', () => {
  test('the second waits for the operation of the first instead of refusing or replacing it', async () => {
    const key = freshKey()
    const renter = await fixture.createRenter('4', { transport: viaBundler() })
    const grant = await renter.grantSession({
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(4) } },
    })
    await bundling('manual')
    const first = await renter.withSession(grant, key).postJob(job)
    const second = renter.withSession(grant, key).postJobSync(job)
    const asked = () => bundler.seen('eth_getUserOperationReceipt').flat()
    await expect.poll(asked).toContain(first)
    await bundling('auto')
    await ask('debug_bundler_sendBundleNow')
    await second
    expect(await jobsOf(renter)).toHaveLength(2)
  })
})

describe('revoking', () => {
  test('ends a grant that the app installs while the revocation is on its way', async () => {
    const key = freshKey()
    const owner = freshKey()
    const app = await fixture.createRenter('2', { owner })
    const grant = await app.grantSession({
      key: key.address,
      expiresIn: '1h',
      scope: ['postJob'],
      spend: { usdc: { total: usdc(2) } },
    })
    const session = app.withSession(grant, key)
    bundler.answer(
      tamper(
        'eth_sendUserOperation',
        async (_, forward) => {
          await session.postJobSync(job)
          return forward()
        },
        1,
      ),
    )
    const revoker = await fixture.createClient({ owner, transport: viaBundler() })
    await revoker.revokeSessionSync(grant)
    expect(await revoker.getSessionKey(grant)).toMatchObject({ status: 'revoked' })
    await expect(session.postJob(job)).rejects.toBeInstanceOf(SessionKeyNotActiveError)
  })
})

describe('answers that are not about the operation', () => {
  test.each([undefined, 'ok', `0x${'12'.repeat(32)}`])(
    'the hash %s instead of the real one: it is asked again, and one job is posted',
    async (value) => {
      const renter = await fixture.createRenter('1', { transport: viaBundler() })
      bundler.answer(
        tamper(
          'eth_sendUserOperation',
          async ({ id }, forward) => {
            await forward()
            return result(id, value)
          },
          1,
        ),
      )
      await renter.postJobSync(job)
      expect(await jobsOf(renter)).toHaveLength(1)
    },
  )

  test.each([
    { name: 'an empty one', value: {} },
    { name: 'that of another operation', value: { userOpHash: numberToHex(1, { size: 32 }) } },
  ])('a receipt that is $name is none: the time-out keeps the hash', async ({ value }) => {
    const renter = await fixture.createRenter('1', { transport: viaBundler(), timeout: 2_000 })
    bundler.answer(
      tamper('eth_getUserOperationReceipt', async ({ id }, forward) => {
        const receipt = JSON.parse(await forward()).result
        return result(
          id,
          Object.keys(value).length === 0 ? value : receipt && { ...receipt, ...value },
        )
      }),
    )
    const refused = renter.postJobSync(job)
    await expect(refused).rejects.toBeInstanceOf(UserOperationTimeoutError)
    await expect(refused).rejects.toMatchObject({ hash: expect.stringMatching(/^0x[\da-f]{64}$/) })
  })
})

describe('what cannot succeed', () => {
  test('what the account cannot pay is refused before anything is signed', async () => {
    const poor = await fixture.createClient()
    const register = poor.registerHost({ models: ['m'] })
    await expect(register).rejects.toBeInstanceOf(InsufficientBalanceError)
    await expect(register).rejects.toMatchObject({ token: 'fab', required: fab(1000).value })
  })

  test('a call that would revert shows the custom error of the contract', async () => {
    const renter = await fixture.createRenter('1')
    const { jobId } = await renter.postJobSync(job)
    const release = renter.releasePayment({ jobId })
    await expect(release).rejects.toBeInstanceOf(ContractRevertedError)
    await expect(release).rejects.toMatchObject({ errorName: 'JobWrongStatus' })
  })

  test('an operation that reverts on chain rejects with its hash and the decoded reason', async () => {
    const transport = barrier(http(devnet.bundlerUrl), 2)
    const host = await fixture.createHost()
    const renter = await fixture.createRenter('5')
    const { sessionId } = await renter.openSessionSync({
      host: host.account.address,
      pricePer1000: usdc('0.5'),
      checkpointInterval: 500n,
      coSigner: freshKey().address,
      deposit: usdc(5),
    })
    const twoLanes = await fixture.createClient({
      owner: (renter.account as unknown as { owner: ReturnType<typeof freshKey> }).owner,
      nonceLanes: 2,
      transport,
    })
    const outcomes = await Promise.allSettled([
      twoLanes.completeSessionSync({ sessionId }),
      twoLanes.completeSessionSync({ sessionId }),
    ])
    const errors = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    )
    expect(errors).toHaveLength(1)
    expect(errors[0]).toBeInstanceOf(UserOperationRevertedError)
    expect(errors[0]).toMatchObject({
      hash: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      reason: { errorName: 'SessionWrongStatus', args: [sessionId, 2] },
    })
  })
})
