import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { rpc, rpcResult, sendOperation, submit } from '../fixtures/bundlerClient.ts'
import type { Fate, NodeProxy } from '../fixtures/nodeProxy.ts'
import { startNodeProxy } from '../fixtures/nodeProxy.ts'
import type { SimpleAccounts } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, sign, unsigned } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

const main = fileURLToPath(new URL('../../bundler/src/main.ts', import.meta.url))
const executorKey = generatePrivateKey()
/** As providers put it into the URL of a node. */
const providerKey = 'provider-key-0123456789abcdef'

let chain: TestChain
let accounts: SimpleAccounts
let proxy: NodeProxy
let folder: string
const running = new Set<ChildProcess>()

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  const address = privateKeyToAddress(executorKey)
  await chain.client.setBalance({ address, value: parseEther('100') })
})
afterAll(() => chain?.stop())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fabstir-process-'))
  proxy = await startNodeProxy(chain.rpcUrl)
})
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL')
  running.clear()
  await proxy.close()
  await rm(folder, { recursive: true })
})

type Started = {
  child: ChildProcess
  url: string
  /** Lines of standard output. */
  printed: string[]
  /** Everything on standard error. */
  logged: () => string
  ended: Promise<number | null>
}

/** The command line, with a provider's key in the URL of the node. */
async function start(...flags: string[]): Promise<Started> {
  const rpcUrl = `${proxy.url}/v2/${providerKey}`
  const store = `sqlite:${join(folder, 'store.sqlite')}`
  const child = spawn(
    process.execPath,
    [main, '--port', '0', '--store', store, '--rpc-url', rpcUrl, '--debug-rpc', ...flags],
    { env: { ...process.env, FABSTIR_BUNDLER_EXECUTOR_PRIVATE_KEYS: executorKey } },
  )
  running.add(child)
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let logged = ''
  child.stderr.on('data', (text) => {
    logged += text
  })
  const printed: string[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => printed.push(line))
  const failed = ended.then((code) => Promise.reject(new Error(`ended with ${code}: ${logged}`)))
  const line = await Promise.race([once(lines, 'line').then(([text]) => String(text)), failed])
  failed.catch(() => undefined)
  const [url = ''] = /http:\/\/[\d.:]+/.exec(line) ?? []
  return { child, url, printed, logged: () => logged, ended }
}

/** Holds back `eth_call` until released. Resolves `reached` when one has arrived. */
function holdCalls() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { promise: reached, resolve: arrived } = Promise.withResolvers<void>()
  proxy.decide(async (method): Promise<Fate> => {
    if (method !== 'eth_call') return 'pass'
    arrived()
    await released
    return 'pass'
  })
  return { reached, release }
}

async function signedOperation() {
  const account = await accounts.counterfactual('0.8')
  const limits = { callGasLimit: 200_000n, verificationGasLimit: 900_000n }
  const op = unsigned(account, { deploy: true, ...limits, preVerificationGas: 100_000n })
  return { account, op: await sign(account, op, chain.chainId) }
}

const isReachable = (url: string) =>
  fetch(`${url}/health`).then(
    () => true,
    () => false,
  )

describe('the process', () => {
  test('prints one line, with its URL, when it answers', async () => {
    const { url, printed } = await start()
    expect(printed).toHaveLength(1)
    expect(printed[0]).toContain(url)
    expect(await rpcResult(url, 'eth_chainId')).toBe('0x7a69')
  })

  test('shows no secret in any line, whatever fails', async () => {
    const { url, logged, child, ended } = await start('--log-level', 'debug')
    const account = await accounts.counterfactual('0.8')
    await sendOperation(url, account, unsigned(account, { deploy: true }), chain.chainId)
    proxy.decide(() => 'refuse')
    const { op } = await signedOperation()
    const { error } = await rpc(url, 'eth_sendUserOperation', [
      account.entryPoint.toRpc(op),
      account.entryPoint.address,
    ])
    expect(error?.message).not.toContain(providerKey)
    child.kill('SIGTERM')
    await ended
    const lines = logged()
    expect(lines).toContain('operation admitted')
    expect(lines).not.toContain(providerKey)
    expect(lines).not.toContain(executorKey.slice(2))
  })
})

describe('a signal', () => {
  test('SIGTERM lets a request under way finish, accepts no other, and keeps what it accepted', async () => {
    const first = await start('--bundle-mode', 'manual')
    const { account, op } = await signedOperation()
    const { reached, release } = holdCalls()
    const answered = submit(first.url, account.entryPoint, op)
    await reached
    first.child.kill('SIGTERM')
    await expect.poll(() => isReachable(first.url), { interval: 5 }).toBe(false)
    release()
    const hash = await answered
    expect(await first.ended).toBe(0)
    proxy.decide(() => 'pass')
    const second = await start('--bundle-mode', 'manual')
    const found = await rpcResult(second.url, 'eth_getUserOperationByHash', [hash])
    expect(found).toMatchObject({ transactionHash: null })
  })

  test('a node that never answers holds the end up for --shutdown-timeout at most', async () => {
    const { child, url, ended, logged } = await start(
      ...['--shutdown-timeout', '200', '--node-timeout', '600000'],
    )
    const { account, op } = await signedOperation()
    const { reached } = holdCalls()
    const cutOff = submit(url, account.entryPoint, op).catch(() => 'cut off')
    await reached
    child.kill('SIGTERM')
    expect(await ended).toBe(1)
    expect(await cutOff).toBe('cut off')
    expect(logged()).toContain('not finished after 200 ms')
  })

  test('a second one ends it at once', async () => {
    const { child, url, ended } = await start(
      ...['--shutdown-timeout', '600000', '--node-timeout', '600000'],
    )
    const { account, op } = await signedOperation()
    const { reached } = holdCalls()
    const cutOff = submit(url, account.entryPoint, op).catch(() => 'cut off')
    await reached
    child.kill('SIGTERM')
    await expect.poll(() => isReachable(url), { interval: 5 }).toBe(false)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(await cutOff).toBe('cut off')
  })
})

describe('GET /ready', () => {
  test('tells that the node is gone, and that it is back', async () => {
    const { url } = await start()
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    proxy.decide(() => 'refuse')
    const answer = await fetch(`${url}/ready`)
    expect(answer.status).toBe(503)
    const { checks } = (await answer.json()) as { checks: Record<string, string> }
    expect(checks.store).toBe('ok')
    expect(checks.node).toContain('the node did not answer')
    expect((await fetch(`${url}/health`)).status).toBe(200)
    proxy.decide(() => 'pass')
    expect((await fetch(`${url}/ready`)).status).toBe(200)
  })

  test('tells that nobody can pay', async () => {
    const tooMuch = parseEther('101').toString()
    const { url } = await start('--min-executor-balance', tooMuch)
    const answer = await fetch(`${url}/ready`)
    expect(answer.status).toBe(503)
    const executors = `none of the 1 executors has ${tooMuch} wei`
    expect(await answer.json()).toEqual({
      ok: false,
      checks: { store: 'ok', node: 'ok', executors },
    })
  })
})
