import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hex } from 'viem'
import { parseEther, slice } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { ChildService } from '../../../devnet/src/processes/childService.ts'
import type { TestDatabase } from '../../../paymaster-service/src/testing/postgresDatabase.ts'
import { createTestDatabase } from '../../../paymaster-service/src/testing/postgresDatabase.ts'
import { newAccount, newOperation } from '../paymasterFixture.ts'
import { include } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { startAbuseStack } from './abuseStack.ts'
import type { Sponsored } from './asking.ts'
import {
  ask,
  attack,
  expectRefused,
  operationOf,
  signFinal,
  sponsor,
  withFields,
} from './asking.ts'
import { billOf, books } from './bill.ts'

/** Keys that were taken away, and instances on one database whose clocks are wrong. */
const entryPoint = entryPoint08Address
const adminKey = 'an-administrator-of-the-key-test'
const day = 86_400
const plenty = { wei: `${parseEther('1')}`, window: 'never' } as const
const operation = { wei: `${parseEther('0.05')}` }
/** A webhook that answers when the test says so. */
const asked: ServerResponse[] = []
const hook = createServer((request, response) => {
  request.resume()
  asked.push(response)
})
let database: TestDatabase
let stack: AbuseStack
let second: ChildService

beforeAll(async () => {
  hook.listen(0, '127.0.0.1')
  await once(hook, 'listening')
  const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`
  database = await createTestDatabase()
  stack = await startAbuseStack(
    {
      shop: {},
      slow: { willSponsor: { url, timeoutMs: 10_000 } },
      daily: { caps: { global: plenty, user: { count: 2, window: 'day' }, operation } },
    },
    { options: options() },
  )
  second = await stack.startService({ options: options() })
})
afterAll(async () => {
  await stack?.close()
  await database?.drop()
  hook.closeAllConnections()
  hook.close()
})

const options = () => ({
  store: database.location,
  administrators: [{ name: 'ops', key: adminKey }],
  allowPrivateWebhooks: true,
  willSponsorSecrets: { slow: 'a-secret-of-the-webhook-that-is-slow' },
})

async function admin(service: ChildService, method: string, path: string, body?: object) {
  const response = await fetch(`${service.url}/admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = (await response.json()) as { id: string; key: string }
  expect({ status: response.status, answer }).toMatchObject({ status: 200 })
  return answer
}

/** An app with a key of the store. */
async function issue(app: string, policy: string, bounds: object = {}) {
  await admin(stack.service, 'POST', '/apps', { name: app, policies: [policy] })
  return admin(stack.service, 'POST', `/apps/${app}/keys`, bounds)
}

/** The window of a signature. */
function validity(paymasterData: Hex) {
  const [after, until] = [
    Number(slice(paymasterData, 16, 22)),
    Number(slice(paymasterData, 22, 28)),
  ]
  return { until, seconds: until - after }
}

const newOp = async () => newOperation(stack, await newAccount(stack, entryPoint))

test('P-25 a revoked key is refused at once, by every instance', async () => {
  const { id, key } = await issue('left', 'shop')
  const before = await books(stack, 'shop')
  const bill = await billOf(stack, 'shop', async () => {
    const op = await newOp()
    for (const service of [stack.service, second])
      expect(await ask(stack, op, { app: 'left', key, service })).toHaveProperty('result')
    await admin(second, 'DELETE', `/keys/${id}`)
    // What was signed already is not given again either.
    for (const service of [stack.service, second])
      for (const each of [op, await newOp()])
        expect(await ask(stack, each, { app: 'left', key, service })).toMatchObject({
          error: {
            code: -32_011,
            message: 'key.revoked: the API key was revoked',
            data: { rule: 'key.revoked' },
          },
        })
  })
  expect(bill).toBe(0n)
  expect((await books(stack, 'shop')).operations).toBe(before.operations + 1)
})

test('P-25 a request that is under way when its key is revoked gets no signature', async () => {
  const { id, key } = await issue('leaving', 'slow')
  const bill = await billOf(stack, 'slow', async () => {
    const answers = [stack.service, second].map(async (service) =>
      ask(stack, await newOp(), { app: 'leaving', key, service }),
    )
    await vi.waitFor(() => expect(asked).toHaveLength(2), { timeout: 5_000, interval: 10 })
    await admin(stack.service, 'DELETE', `/keys/${id}`)
    for (const response of asked.splice(0)) response.end('{"sponsor":true}')
    for (const answer of await Promise.all(answers))
      expect(answer).toMatchObject({ error: { code: -32_011, data: { rule: 'key.revoked' } } })
  })
  expect(bill).toBe(0n)
})

test('P-26 a clock that is a day ahead gives nobody two days in one', async () => {
  // Noon on the chain and by one instance, noon of the day after by the other: no midnight comes in between.
  const now = Math.floor(Date.now() / 1_000)
  const noon = (Math.floor(now / day) + 1.5) * day
  await stack.client.setNextBlockTimestamp({ timestamp: BigInt(noon) })
  await stack.client.mine({ blocks: 1 })
  const ahead = await stack.startService({ options: options(), clockAhead: noon + day - now })
  const account = await newAccount(stack, entryPoint)
  let paid = 0n
  const bill = await billOf(stack, 'daily', async () => {
    // Both of today, and both of tomorrow.
    for (const nonce of [0n, 1n]) {
      const each = await sponsor(stack, { app: 'daily', account, overrides: { nonce } })
      paid += (await include(stack, entryPoint, await signFinal(each))).actualGasCost
    }
    const early: Sponsored[] = []
    for (const nonce of [2n, 3n]) {
      const asked = { app: 'daily', account, overrides: { nonce }, service: ahead }
      early.push(await sponsor(stack, asked))
    }
    for (const service of [stack.service, ahead])
      expectRefused(
        await ask(stack, operationOf(stack, account, { nonce: 4n }), { app: 'daily', service }),
        'user.count',
        /the sender has had 2 of 2 operations \(day\)/,
      )
    const notDue = { chain: 'AA32', bundler: '-32503 AA32 not due' }
    // The other one waits for its nonce.
    for (const each of early.slice(0, 1)) expect(await attack(stack, each)).toEqual(notDue)
    // When it is tomorrow they are good, and tomorrow is spent.
    await stack.client.increaseTime({ seconds: day })
    await stack.client.mine({ blocks: 1 })
    for (const each of early)
      paid += (await include(stack, entryPoint, await signFinal(each))).actualGasCost
    expectRefused(
      await ask(stack, operationOf(stack, account, { nonce: 4n }), { app: 'daily' }),
      'user.count',
      /the sender has had 2 of 2 operations \(day\)/,
    )
  })
  expect(bill).toBe(paid)
  await ahead.stop()
})

test('P-26 a clock that is behind makes no key last longer, and no signature', async () => {
  const behind = await stack.startService({ options: options(), clockAhead: -day })
  const { timestamp } = await stack.client.getBlock()
  const expiresAt = Math.max(Number(timestamp), Math.floor(Date.now() / 1_000)) + 300
  const { key } = await issue('ending', 'shop', { expiresAt })
  const asked = { app: 'ending', key, service: behind }
  const bill = await billOf(stack, 'shop', async () => {
    const op = await newOp()
    const answer = await ask(stack, op, asked)
    const { paymasterData = '0x' } = withFields(op, answer)
    // The chain's time, and not the day before.
    expect(validity(paymasterData)).toMatchObject({ seconds: 660 })
    expect(validity(paymasterData).until).toBeGreaterThan(Number(timestamp) + 599)
    await stack.client.increaseTime({ seconds: 400 })
    await stack.client.mine({ blocks: 1 })
    await vi.waitFor(
      async () =>
        expect(await ask(stack, await newOp(), asked)).toMatchObject({
          error: {
            code: -32_011,
            message: expect.stringMatching(
              `key.expired: the API key ended at ${expiresAt}, and it is \\d+`,
            ),
            data: { rule: 'key.expired' },
          },
        }),
      { timeout: 5_000, interval: 50 },
    )
  })
  expect(bill).toBe(0n)
  await behind.stop()
})
