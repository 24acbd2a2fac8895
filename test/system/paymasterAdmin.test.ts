import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEther, parseEventLogs, parseGwei } from 'viem'
import { entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ChildService } from '../../devnet/src/processes/childService.ts'
import { startChildService } from '../../devnet/src/processes/childService.ts'
import type { AuditTables } from '../../paymaster-service/src/audit/tables.ts'
import { storeAreas } from '../../paymaster-service/src/composition/storeAreas.ts'
import { defaultMarketplacePolicy, verifyWebhook } from '../../paymaster-service/src/service.ts'
import { openStore } from '../../paymaster-service/src/store/openStore.ts'
import type { TestDatabase } from '../../paymaster-service/src/testing/postgresDatabase.ts'
import { createTestDatabase } from '../../paymaster-service/src/testing/postgresDatabase.ts'
import type { Stack } from './paymasterFixture.ts'
import {
  adapterOf,
  newAccount,
  newOperation,
  serviceOptions,
  signed,
  signerKey,
  startStack,
} from './paymasterFixture.ts'

const main = join(import.meta.dirname, '../../paymaster-service/src/main.ts')
const entryPoint = entryPoint08Address

let stack: Stack
let database: TestDatabase
let folder: string
let config: string
let environment: Record<string, string>
const services: ChildService[] = []
const hooks = createServer(receive)
const received: { body: string; header: string; delivery: string }[] = []
const hanging: ServerResponse[] = []

function receive(request: IncomingMessage, response: ServerResponse) {
  // Never answered.
  if (request.url === '/hangs') return void hanging.push(response)
  let body = ''
  request.on('data', (chunk) => {
    body += chunk
  })
  request.on('end', () => {
    const { 'fabstir-signature': header, 'fabstir-delivery': delivery } = request.headers
    received.push({ body, header: `${header}`, delivery: `${delivery}` })
    response.end()
  })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fabstir-admin-'))
  config = join(folder, 'paymaster.json')
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve))
  database = await createTestDatabase()
  stack = await startStack()
  const { paymasters } = serviceOptions(stack)
  const { stdout } = await command([
    ...['init', '--rpc-url', stack.anvil.url, '--chain-id', `${foundry.id}`, '--port', '0'],
    ...['--paymasters', JSON.stringify(paymasters), '--store', database.location],
  ])
  environment = {
    ...Object.fromEntries(
      [...stdout.matchAll(/^(FABSTIR_PAYMASTER_\w+_KEY)=(\S+)$/gm)].map(([, name, value]) => [
        name,
        value,
      ]),
    ),
    FABSTIR_PAYMASTER_SIGNER_KEY: signerKey,
    FABSTIR_PAYMASTER_ALLOW_PRIVATE_WEBHOOKS: 'true',
    FABSTIR_PAYMASTER_POLLING_INTERVAL_MS: '50',
    FABSTIR_PAYMASTER_LOG_LEVEL: 'error',
  }
})

afterAll(async () => {
  for (const service of services) await service.stop()
  for (const response of hanging) response.destroy()
  hooks.close()
  hooks.closeAllConnections()
  await stack?.anvil.stop()
  await database?.drop()
  rmSync(folder, { recursive: true, force: true })
})

type Result = { stdout: string; stderr: string; exitCode: number }

/** Runs the command line as a process. */
function command(args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args, '--config', config],
      { env: { ...process.env, ...environment } },
      (error, stdout, stderr) => resolve({ stdout, stderr, exitCode: Number(error?.code ?? 0) }),
    )
  })
}

async function answer(...args: string[]) {
  const { stdout, stderr, exitCode } = await command([...args, '--json'])
  if (exitCode !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

async function serve(): Promise<ChildService> {
  const service = await startChildService({
    name: 'paymaster service',
    command: process.execPath,
    args: [main, 'serve', '--config', config],
    env: environment,
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
  })
  services.push(service)
  return service
}

async function rpc(
  { url }: ChildService,
  key: string,
  params: readonly unknown[],
  method = 'pm_getPaymasterData',
) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return response.json() as Promise<{
    result?: Record<string, `0x${string}`>
    error?: { code: number; data: { rule: string } }
  }>
}

function policy() {
  const { deployments } = stack.contracts
  return defaultMarketplacePolicy({
    ...stack.contracts,
    entryPoints: deployments.map((each) => each.entryPoint),
    factories: deployments.map(({ accountFactory }) => accountFactory),
    accounts: stack.accountCode,
    budgetWei: parseEther('1'),
    operationWei: parseEther('0.05'),
    maxFeePerGas: parseGwei('100'),
    userDayWei: parseEther('0.2'),
  })
}

describe('administration of two instances on one database', () => {
  // Its many commands are a process each.
  test('an app is made, pays, is told of it, and is cut off', async () => {
    const policyFile = join(folder, 'policy.json')
    writeFileSync(policyFile, JSON.stringify(policy()))
    await answer('policy', 'apply', policyFile)
    await answer('app', 'create', 'shop', '--policy', 'marketplace')
    const { key, id } = await answer('key', 'issue', 'shop', '--expires-in', '1h')
    const { port } = hooks.address() as AddressInfo
    const hook = await answer(
      ...['webhook', 'create', `http://127.0.0.1:${port}/hook`, '--app', 'shop'],
      ...['requested', 'sponsored', 'settled', 'refused'].flatMap((each) => [
        '--event',
        `sponsorship.${each}`,
      ]),
    )
    await answer(
      'webhook',
      'create',
      `http://127.0.0.1:${port}/hangs`,
      '--event',
      'sponsorship.requested',
    )
    const [one, two] = [await serve(), await serve()]

    // It pays, and what the chain says is what usage says.
    const account = await newAccount(stack, entryPoint)
    const op = newOperation(stack, account)
    const params = [
      adapterOf(entryPoint).toRpc(op),
      entryPoint,
      `0x${foundry.id.toString(16)}`,
      null,
    ]
    const operationFile = join(folder, 'operation.json')
    writeFileSync(operationFile, JSON.stringify(params[0]))
    const dryRun = [
      'policy',
      'dry-run',
      policyFile,
      '--operation',
      operationFile,
      '--entry-point',
      entryPoint,
    ]
    const [local, remote] = [await answer(...dryRun), await answer(...dryRun, '--url', one.url)]
    expect(local).toEqual([
      {
        ...{ policyId: 'marketplace', ok: true, rule: null, remaining: null, resetsAt: null },
        rules: expect.arrayContaining(
          ['chain', 'calls', 'rate', 'caps', 'will-sponsor'].map((rule) => ({
            ...{ rule, ok: true, message: null },
          })),
        ),
        selectors: [expect.stringMatching(/^0x\w{8}$/)],
      },
    ])
    expect(remote).toEqual(local)
    writeFileSync(policyFile, JSON.stringify({ ...policy(), origins: ['https://shop.example'] }))
    const elsewhere = ['--origin', 'https://evil.example', '--url', one.url]
    expect(await answer(...dryRun, ...elsewhere)).toMatchObject([{ rule: 'origin.not-allowed' }])
    const { result, error } = await rpc(one, key, params)
    const { paymaster, paymasterData } = result ?? {}
    if (!result || !paymaster || !paymasterData) throw new Error(JSON.stringify(error))
    const paid = await signed(account, entryPoint, {
      ...op,
      paymaster,
      paymasterData,
      paymasterVerificationGasLimit: BigInt(result.paymasterVerificationGasLimit ?? 0),
      paymasterPostOpGasLimit: BigInt(result.paymasterPostOpGasLimit ?? 0),
    })
    const hash = await stack.walletClient.sendTransaction({
      to: entryPoint,
      data: adapterOf(entryPoint).encodeHandleOps([paid], stack.walletClient.account.address),
    })
    const { logs } = await stack.client.waitForTransactionReceipt({ hash })
    const [event] = parseEventLogs({ abi: entryPoint08Abi, eventName: 'UserOperationEvent', logs })
    const cost = `${event?.args.actualGasCost}`
    const usage = ['usage', '--by', 'policy,app,key,user,selector', '--url', two.url]
    await vi.waitFor(
      async () =>
        expect((await answer(...usage)).groups).toEqual([
          expect.objectContaining({
            ...{ policy: 'marketplace', app: 'shop', key: id, user: account.address.toLowerCase() },
            ...{
              settled: 1,
              reverted: 0,
              wei: cost,
              pending: 0,
              reserved: '0',
              selector: expect.stringMatching(/^0x\w{8}$/),
            },
          }),
        ]),
      { timeout: 30_000, interval: 100 },
    )

    // A refusal, on the other instance.
    const refused = await rpc(two, key, [
      { ...adapterOf(entryPoint).toRpc(op), callData: '0xdeadbeef' },
      ...params.slice(1),
    ])
    expect(refused.error).toMatchObject({ code: -32_010, data: { rule: 'calls.not-decodable' } })

    // All of it was told, signed, while another endpoint hangs.
    await vi.waitFor(() => expect(received).toHaveLength(5), { timeout: 30_000, interval: 50 })
    const now = Math.floor(Date.now() / 1_000)
    for (const { body, header, delivery } of received) {
      expect(verifyWebhook(hook.secret, { header, body, now })).toBe(true)
      expect(delivery).toBe(`${JSON.parse(body).id}.${hook.id}`)
    }
    const told = received.map(({ body }) => JSON.parse(body))
    const types = told.map(({ type }) => type.replace('sponsorship.', '')).sort()
    expect(types).toEqual(['refused', 'requested', 'requested', 'settled', 'sponsored'])
    expect(told.find(({ type }) => type === 'sponsorship.settled').data).toMatchObject({
      costWei: cost,
      transactionHash: hash,
    })
    expect(hanging.length).toBeGreaterThan(0)
    const log = await answer('webhook', 'deliveries', hook.id)
    expect(log.every(({ state }: { state: string }) => state === 'delivered')).toBe(true)

    // Cut off directly in the store; both instances refuse its next request.
    await answer('key', 'revoke', id)
    for (const service of [one, two])
      expect((await rpc(service, key, params)).error).toMatchObject({
        code: -32_011,
        data: { rule: 'key.revoked' },
      })
  }, 300_000)

  test('over the network it takes the credential, and no other origin gets at it', async () => {
    const [service] = services
    if (!service) throw new Error('no service runs')
    const { FABSTIR_PAYMASTER_ADMIN_KEY: right = '', ...rest } = environment
    environment = { ...rest, FABSTIR_PAYMASTER_ADMIN_KEY: `${right.slice(0, -4)}AAAA` }
    expect(await command(['app', 'list', '--url', service.url])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('authorization: expected Bearer'),
    })
    environment = { ...rest, FABSTIR_PAYMASTER_ADMIN_KEY: right }
    expect(await answer('app', 'list', '--url', service.url)).toMatchObject([{ name: 'shop' }])
    const preflight = await fetch(`${service.url}/admin/apps`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('audit verify is content with the log, and names the entry that was tampered with', async () => {
    const { stdout, exitCode } = await command(['audit', 'verify'])
    expect(exitCode).toBe(0)
    const anchor = /anchor: (\S+)/.exec(stdout)?.[1] ?? ''
    const store = await openStore(database.location, storeAreas)
    const db = store.db.withTables<AuditTables>()
    await db.updateTable('audit_log').set({ actor: 'cli:nobody' }).where('seq', '=', 3).execute()
    expect(await command(['audit', 'verify'])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^broken at entry 3: its hash is/),
    })
    await db.deleteFrom('audit_log').where('seq', '>=', 3).execute()
    const last = db.selectFrom('audit_log').select('hash').where('seq', '=', 2)
    const { hash } = await last.executeTakeFirstOrThrow()
    await db.updateTable('audit_head').set({ seq: 2, hash }).execute()
    await store.close()
    // The log that is left is whole in itself, but more was done than it tells.
    expect(await command(['audit', 'verify'])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^the log is whole, and the store is not what it says:/),
    })
    expect(await command(['audit', 'verify', '--anchor', anchor])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('broken at entry 3: the log ends after entry 2'),
    })
  })
})
