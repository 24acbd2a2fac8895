import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseEther } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type {
  PaymasterService,
  PaymasterServiceOptions,
} from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import type { TestDatabase } from '../../paymaster-service/src/testing/postgresDatabase.ts'
import {
  createTestDatabase,
  startPostgres,
} from '../../paymaster-service/src/testing/postgresDatabase.ts'
import type { Stack } from './paymasterFixture.ts'
import {
  adapterOf,
  newAccount,
  newOperation,
  serviceOptions,
  signed,
  sponsored,
  startStack,
} from './paymasterFixture.ts'
import { expectConserved, include, usageOf, usageWhen } from './paymasterUsage.ts'

type StoreOption = NonNullable<PaymasterServiceOptions['store']>

const entryPoint = entryPoint08Address
let stack: Stack
let folder: string
let store: StoreOption
const services: PaymasterService[] = []
const children: ChildProcess[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-paymaster-'))
  stack = await startStack()
})

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const service of services.splice(0)) await service.close()
})

afterAll(async () => {
  await stack?.anvil.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startService(overrides?: Parameters<typeof serviceOptions>[1]) {
  const service = await createPaymasterService(serviceOptions(stack, { store, ...overrides }))
  services.push(service)
  return service
}

/** A service in a process of its own, whose signer never answers after `signatures`. */
async function startChild({ signatures = 0 } = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'paymasterKilledService.ts')], {
    env: {
      ...process.env,
      PAYMASTER_OPTIONS: JSON.stringify(serviceOptions(stack, { store })),
      PAYMASTER_SIGNATURES: `${signatures}`,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const lineLike = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      lines.on('line', (line) => {
        const match = pattern.exec(line)
        if (match) resolve(match[1] ?? line)
      })
    })
  const signing = lineLike(/^signing$/)
  const url = await lineLike(/listening on (\S+)/)
  return {
    url,
    signing,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

async function newOp(nonce = 0n) {
  return newOperation(stack, await newAccount(stack, entryPoint), { nonce })
}

/** 200 operations of 200 senders at once, spread over the services, which share a budget for 100. */
async function expectExactly100(services: readonly PaymasterService[]) {
  const ops = await Promise.all(Array.from({ length: 200 }, () => newOp()))
  const answers = await Promise.allSettled(
    ops.map((op, index) => {
      const service = services[index % services.length]
      if (!service) throw new RangeError('no service')
      return sponsored(service, entryPoint, op)
    }),
  )
  const refused = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [String(answer.reason)] : [],
  )
  expect(answers.length - refused.length).toBe(100)
  for (const reason of refused) expect(reason).toContain('global.cap')
  for (const service of services) {
    const usage = await usageOf(service)
    expectConserved(usage)
    expect(usage).toMatchObject({ operations: 100, free: 0n, reserved: usage.budget })
  }
}

/** What one operation of {@link newOp} holds back. */
async function costOfOne() {
  const service = await createPaymasterService(serviceOptions(stack, { store: 'memory' }))
  const paid = await sponsored(service, entryPoint, await newOp())
  await service.close()
  return adapterOf(entryPoint).requiredPrefund(paid)
}

/** Kills a service between reservation and answer, and lets another one go on. */
async function expectSignedAfterKill(takeOver: () => Promise<PaymasterService>) {
  const account = await newAccount(stack, entryPoint)
  const op = newOperation(stack, account)
  const child = await startChild()
  // Its process dies with the request open.
  const failed = expect(sponsored(child, entryPoint, op)).rejects.toThrow()
  await child.signing
  await child.kill()
  await failed

  const service = await takeOver()
  const before = await usageOf(service)
  expect(before.reserved).toBeGreaterThan(0n)
  expectConserved(before)
  const paid = await sponsored(service, entryPoint, op)
  expect(await usageOf(service)).toEqual(before)
  const { actualGasCost } = await include(
    stack,
    entryPoint,
    await signed(account, entryPoint, paid),
  )
  const settled = await usageWhen(service, (usage) => usage.settled > 0n)
  expect(settled).toMatchObject({ settled: actualGasCost, reserved: 0n, operations: 1 })
  expectConserved(settled)
}

/** Kills a service with 40 requests open, 15 of which it has answered, and asks another one again. */
async function expectNothingLostInKill(takeOver: () => Promise<PaymasterService>) {
  const child = await startChild({ signatures: 15 })
  const ops = await Promise.all(Array.from({ length: 40 }, () => newOp()))
  const answered = new Map<string, string | undefined>()
  const requests = ops.map(async (op) => {
    const { paymasterData } = await sponsored(child, entryPoint, op)
    answered.set(op.sender, paymasterData)
    if (answered.size === 15) await child.kill()
  })
  await Promise.allSettled(requests)
  expect(answered.size).toBe(15)

  const service = await takeOver()
  const before = await usageOf(service)
  expectConserved(before)
  const again = await Promise.all(ops.map((op) => sponsored(service, entryPoint, op)))
  for (const { sender, paymasterData } of again)
    if (answered.has(sender)) expect(paymasterData).toBe(answered.get(sender))
  const [one] = again
  const cost = one ? adapterOf(entryPoint).requiredPrefund(one) : 0n
  // Whatever was answered was held back before; nothing was held back twice.
  expect(before.reserved).toBeGreaterThanOrEqual(15n * cost)
  const after = await usageOf(service)
  expectConserved(after)
  expect(after).toMatchObject({ reserved: 40n * cost, operations: 40 })
}

describe('sqlite', () => {
  let files = 0
  beforeEach(() => {
    store = `sqlite:${join(folder, `${files++}.db`)}`
  })

  test('killed between reservation and answer, it keeps the reservation and then signs the same operation', async () => {
    await expectSignedAfterKill(() => startService())
  })

  test('killed with requests open, it knows every signature that it gave out', async () => {
    await expectNothingLostInKill(() => startService())
  })

  test('200 at once against a budget for 100 sponsor exactly 100', async () => {
    const budgetWei = 100n * (await costOfOne())
    await expectExactly100([await startService({ budgetWei })])
  })
})

describe('two instances on one PostgreSQL database', () => {
  let database: TestDatabase
  beforeAll(async () => {
    await startPostgres()
  })
  beforeEach(async () => {
    database = await createTestDatabase()
    store = database.location
    return () => database.drop()
  })
  // Vitest runs it before the database is dropped.
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close()
  })

  test('one is killed between reservation and answer: the other signs the same operation', async () => {
    const other = await startService()
    await expectSignedAfterKill(async () => other)
  })

  test('one is killed with requests open: the other knows every signature that it gave out', async () => {
    const other = await startService()
    await expectNothingLostInKill(async () => other)
  })

  test('200 at once against a budget for 100 sponsor exactly 100', async () => {
    const budgetWei = 100n * (await costOfOne())
    await expectExactly100(
      await Promise.all([startService({ budgetWei }), startService({ budgetWei })]),
    )
  })

  test('both give the same data for one operation, and follow the chain as one: settled once, undone by a reorganisation, settled again', async () => {
    const both = await Promise.all([startService(), startService()])
    const account = await newAccount(stack, entryPoint)
    const op = newOperation(stack, account)
    const [paid, again] = await Promise.all(both.map((each) => sponsored(each, entryPoint, op)))
    if (!paid || !again) throw new RangeError('two services')
    expect(again.paymasterData).toBe(paid.paymasterData)
    const { reserved } = await usageOf(both[0])
    expect(reserved).toBe(adapterOf(entryPoint).requiredPrefund(paid))

    const final = await signed(account, entryPoint, paid)
    const snapshot = await stack.client.snapshot()
    await include(stack, entryPoint, final)
    for (const each of both) await usageWhen(each, ({ settled }) => settled > 0n)

    await stack.client.revert({ id: snapshot })
    await stack.client.mine({ blocks: 2 })
    for (const each of both) {
      const usage = await usageWhen(each, ({ settled }) => settled === 0n)
      expect(usage).toMatchObject({ reserved, operations: 1 })
    }
    const { actualGasCost } = await include(stack, entryPoint, final)
    for (const each of both) {
      const usage = await usageWhen(each, ({ settled }) => settled > 0n)
      expect(usage).toMatchObject({ settled: actualGasCost, reserved: 0n, operations: 1 })
      expectConserved(usage)
    }
  })

  test('the connections are lost: the next operation is sponsored, and what was reserved is there', async () => {
    const service = await startService()
    await sponsored(service, entryPoint, await newOp())
    const before = await usageOf(service)
    await database.disconnectAll()
    await usageWhen(service, ({ reserved }) => reserved === before.reserved)
    await sponsored(service, entryPoint, await newOp())
    expect((await usageOf(service)).reserved).toBe(2n * before.reserved)
  })
})

test('a database that cannot be reached ends the start with its address and without its password', async () => {
  const options = serviceOptions(stack, {
    store: 'postgres://paymaster:hunter2@127.0.0.1:1/budgets',
    budgetWei: parseEther('1'),
  })
  const error = await createPaymasterService(options).catch((reason: unknown) => String(reason))
  expect(error).toContain('the store postgres://paymaster@127.0.0.1:1/budgets cannot be used')
  expect(error).not.toContain('hunter2')
})
