import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Address } from 'viem'
import { parseEther, parseGwei, parseTransaction } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { storeAreas } from '../../paymaster-service/src/composition/storeAreas.ts'
import { createTopUps } from '../../paymaster-service/src/deposits/topUp.ts'
import { vaultContract } from '../../paymaster-service/src/deposits/vault.ts'
import { createKeeper, stuckAfter } from '../../paymaster-service/src/keeper/keeper.ts'
import { httpKeeperWallet } from '../../paymaster-service/src/keeper/keeperWallet.ts'
import type { KeeperTransaction } from '../../paymaster-service/src/keeper/transactionStore.ts'
import type { PaymasterService } from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { openStore } from '../../paymaster-service/src/store/openStore.ts'
import type { TestDatabase } from '../../paymaster-service/src/testing/postgresDatabase.ts'
import { createTestDatabase } from '../../paymaster-service/src/testing/postgresDatabase.ts'
import { type DepositStack, startDepositStack } from './depositStack.ts'
import {
  deploymentOf,
  newAccount,
  newOperation,
  serviceOptions,
  sponsored,
} from './paymasterFixture.ts'

const entryPoint = entryPoint08Address
const adminKey = 'an-administrator-of-the-deposit-test'
const keeperKey = generatePrivateKey()
const services: PaymasterService[] = []

let stack: DepositStack
let paymaster: Address
let database: TestDatabase

const events: { type: string; data: Record<string, string> }[] = []
const hook = createServer((request: IncomingMessage, response: ServerResponse) => {
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    events.push(JSON.parse(body))
    response.end()
  })
})

async function startService(overrides: Parameters<typeof serviceOptions>[1] = {}) {
  const options = serviceOptions(stack, {
    depositIntervalMs: 30,
    administrators: [{ name: 'ops', key: adminKey }],
    ...overrides,
  })
  const { [entryPoint]: only } = options.paymasters
  const service = await createPaymasterService({
    ...options,
    paymasters: { [entryPoint]: only ?? '' },
  })
  services.push(service)
  return service
}

async function ask(service: PaymasterService) {
  const op = newOperation(stack, await newAccount(stack, entryPoint))
  return sponsored(service, entryPoint, op).then(
    () => ({ rule: 'sponsored', remaining: null }),
    (error: { walk?: () => { data?: { rule: string; remaining: string } } }) =>
      error.walk?.().data ?? { rule: String(error), remaining: null },
  )
}

const untilDepositIs = (wei: bigint, of?: Address) =>
  vi.waitFor(async () => expect(await stack.depositOf(of)).toBe(wei), {
    timeout: 20_000,
    interval: 50,
  })
/** As an administrator sees them. */
async function paymastersOf({ url }: PaymasterService) {
  const response = await fetch(`${url}/admin/paymasters`, {
    headers: { authorization: `Bearer ${adminKey}` },
  })
  return (await response.json()) as { paymaster: Address; kind: string; reservedWei: string }[]
}
const readyOf = async ({ url }: PaymasterService) => (await fetch(`${url}/ready`)).json()

beforeAll(async () => {
  stack = await startDepositStack(keeperKey)
  paymaster = stack.paymaster
  database = await createTestDatabase()
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
  await stack.restore()
  events.length = 0
})
afterAll(async () => {
  hook.close()
  await database?.drop()
  await stack?.anvil.stop()
})

describe('what the deposit cannot pay', () => {
  test('is refused: of 12 requests at once a deposit for 5 sponsors exactly 5', async () => {
    const probe = await startService()
    await ask(probe)
    const [{ reservedWei = '' } = {}] = await paymastersOf(probe)
    const amount = BigInt(reservedWei)
    expect(amount).toBeGreaterThan(0n)
    await probe.close()

    await stack.leave(amount * 6n - 1n)
    const service = await startService()
    const answers = await Promise.all(Array.from({ length: 12 }, () => ask(service)))
    const rules = answers.map(({ rule }) => rule)
    expect(rules.filter((rule) => rule === 'sponsored')).toHaveLength(5)
    expect(new Set(rules)).toEqual(new Set(['sponsored', 'deposit.low']))
    expect(answers.find(({ rule }) => rule === 'deposit.low')?.remaining).toBe(`${amount - 1n}`)
  })

  test('an empty deposit makes the service not ready, and says of which paymaster', async () => {
    await stack.leave(0n)
    const service = await startService()
    await vi.waitFor(async () =>
      expect(await readyOf(service)).toEqual({
        ready: false,
        problems: [`the deposit of the paymaster ${paymaster} is used up`],
      }),
    )
    expect(await ask(service)).toMatchObject({ rule: 'deposit.low', remaining: '0' })
  })
})

describe('a deposit below the threshold', () => {
  const topUps = () => ({
    store: database.location,
    topUpVault: stack.contracts.topUpVault,
    keeperKey,
    lowDepositWei: parseEther('1'),
    topUpBelowWei: parseEther('2'),
    topUpToWei: parseEther('3'),
    topUpDayMaxWei: parseEther('4'),
    webhookKey: 'a secret that webhooks are made of, long enough',
    allowPrivateWebhooks: true,
  })

  test('is topped up once by two instances, told once, and sponsors again', async () => {
    const one = await startService({ ...topUps(), metricsPort: 0 })
    const two = await startService(topUps())
    const created = await fetch(`${one.url}/admin/webhooks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        url: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
        events: ['paymaster.low-balance'],
      }),
    })
    expect(created.status).toBe(200)
    await stack.leave(parseEther('0.5'))
    await untilDepositIs(parseEther('3'))
    expect((await stack.toppedUp()).map(({ args }) => args)).toMatchObject([
      { paymaster, amount: parseEther('2.5') },
    ])
    await vi.waitFor(() => expect(events).toHaveLength(1), { timeout: 20_000 })
    expect(events[0]).toMatchObject({
      type: 'paymaster.low-balance',
      app: null,
      data: {
        paymaster,
        entryPoint,
        depositWei: `${parseEther('0.5')}`,
        thresholdWei: `${parseEther('1')}`,
      },
    })
    for (const service of [one, two])
      expect(await vi.waitFor(() => ask(service), { timeout: 20_000 })).toMatchObject({
        rule: 'sponsored',
      })

    const sample = async (name: string) => {
      const text = await (await fetch(one.metricsUrl ?? '')).text()
      const line = text.split('\n').find((each) => each.startsWith(`fabstir_paymaster_${name}`))
      return Number(line?.split(' ').at(-1))
    }
    await vi.waitFor(async () => expect(await sample('deposit_wei{')).toBe(3e18), {
      timeout: 20_000,
    })
    expect(await sample('deposit_low{')).toBe(0)
    expect(await sample('ready')).toBe(1)
    expect(await sample('reserved_wei{')).toBeGreaterThan(0)
    expect(await sample('sponsorships_total{stage="final",outcome="given"}')).toBeGreaterThan(0)
  })

  test('is not topped up beyond the most of a day: it stays low, and what it pays is sponsored', async () => {
    await startService({ ...topUps(), store: 'memory', topUpDayMaxWei: parseEther('0.25') })
    await stack.leave(parseEther('0.5'))
    await untilDepositIs(parseEther('0.75'))
    const [service] = services
    if (!service) throw new RangeError('no service')
    expect(await ask(service)).toMatchObject({ rule: 'sponsored' })
    expect(await stack.toppedUp()).toHaveLength(1)
  })
})

describe('the keeper', () => {
  const keeping = () => ({
    topUpVault: stack.contracts.topUpVault,
    keeperKey,
    lowDepositWei: parseEther('1'),
    topUpBelowWei: parseEther('2'),
    topUpToWei: parseEther('3'),
    topUpDayMaxWei: parseEther('9'),
  })

  test('tops up a TokenPaymaster too, where the vault lists it; its deposit is told like others', async () => {
    const { tokenPaymaster } = deploymentOf(stack.contracts, entryPoint)
    const service = await startService({
      ...keeping(),
      tokenPaymasters: { [entryPoint]: tokenPaymaster },
      paymentTokens: [{ address: stack.contracts.usdc }],
      etherPriceUsd: '2500',
      metricsPort: 0,
    })
    expect((await paymastersOf(service)).find(({ kind }) => kind === 'token')).toMatchObject({
      paymaster: tokenPaymaster,
      depositWei: '0',
      signers: [],
      signsWith: null,
    })
    const metrics = async () => (await fetch(service.metricsUrl ?? '')).text()
    expect(await metrics()).toMatch(
      new RegExp(`deposit_low{paymaster="${tokenPaymaster}",[^}]*kind="token"[^}]*} 1`),
    )
    // What it cannot pay is no reason to send nobody to the sponsor.
    expect(await readyOf(service)).toMatchObject({ ready: true })
    expect(await stack.toppedUp()).toEqual([])
    await stack.listPaymaster(tokenPaymaster, parseEther('10'))
    await untilDepositIs(parseEther('3'), tokenPaymaster)
  })

  test('sends a top-up that is stuck again with more fee: one of the two is mined, and pays once', async () => {
    const { client, contracts, anvil } = stack
    const store = await openStore('memory', storeAreas)
    const ended: KeeperTransaction[] = []
    let now = 1_000_000
    const clock = () => now
    const keeper = createKeeper({
      chainId: foundry.id,
      store,
      wallet: httpKeeperWallet({
        rpcUrl: anvil.url,
        chainId: foundry.id,
        account: privateKeyToAccount(keeperKey),
        maxFeePerGas: parseGwei('500'),
      }),
      clock,
      log: { info() {}, warn() {}, error() {} },
      onEnd: (transaction) => ended.push(transaction),
    })
    const rules = { below: parseEther('6'), to: parseEther('7'), dayMax: parseEther('4') }
    const topUps = createTopUps({
      keeper,
      vault: vaultContract(client, contracts.topUpVault),
      rules: { ...rules, cooldown: 60 },
      clock,
    })
    await client.setAutomine(false)
    try {
      const amount = parseEther('2')
      expect(await topUps.consider(paymaster, parseEther('5'))).toEqual({ kind: 'topUp', amount })
      const [first] = await keeper.recent()
      now += stuckAfter
      await keeper.settle()
      const [raised] = await keeper.recent()
      expect(raised?.hashes).toHaveLength(2)
      const [one, two] = [first, raised].map((each) =>
        parseTransaction((each?.raw ?? '0x') as `0x02${string}`),
      )
      expect(two).toMatchObject({ nonce: one?.nonce, to: one?.to, data: one?.data })
      expect(two?.maxFeePerGas).toBeGreaterThan(((one?.maxFeePerGas ?? 0n) * 11n) / 10n)
      await client.mine({ blocks: 1 })
      await keeper.settle()
      expect(ended).toMatchObject([{ state: 'done', amount }])
      expect((await stack.toppedUp()).map(({ transactionHash }) => transactionHash)).toEqual([
        raised?.hashes.at(-1),
      ])
    } finally {
      await client.setAutomine(true)
      await store.close()
    }
  })
})
