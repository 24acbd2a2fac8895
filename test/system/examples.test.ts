import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import { SponsorUnauthorizedError, usdc } from '@fabstir/sdk'
import { type Hex, http } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { createSiweMessage } from 'viem/siwe'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys } from '../../devnet/src/apps.ts'
import { domain } from '../../examples/sponsored-app/domain.ts'
import { safeKind } from '../fixtures/clients/accountKinds.ts'
import { installSafe } from '../fixtures/clients/safeContracts.ts'
import { sponsorAccountKinds } from '../fixtures/clients/sponsorAccountKinds.ts'
import { attachToChain } from '../fixtures/testChain.ts'
import { sdkFixture } from './sdkFixture.ts'

const folder = join(import.meta.dirname, '../../examples')
let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
const running: ChildProcess[] = []

beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
}, 180_000)
afterAll(async () => {
  for (const child of running) child.kill()
  await devnet?.close()
})

const start = (program: string, env: Readonly<Record<string, string>>) => {
  const { rpcUrl, bundlerUrl, paymasterUrl } = devnet
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    stdio: 'pipe',
    env: {
      ...process.env,
      RPC: rpcUrl,
      BUNDLER: bundlerUrl,
      SPONSOR: `${paymasterUrl}/?apikey=${apiKeys.demo}`,
      ...env,
    },
  })
  running.push(child)
  return child
}

/** Runs a program to its end, and returns the lines that it printed. */
async function run(program: string, env: Readonly<Record<string, string>> = {}, input = '') {
  const child = start(program, env)
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [printed, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if ((await ended) !== 0) throw new Error(`${program}: ${errors}`)
  return printed.trim().split('\n')
}

test('register-host: refused without FAB, then registered and found', async () => {
  expect(await run('register-host.ts')).toEqual([
    expect.stringMatching(/^0x\w{40} has 0 of 1000000000000000000000 FAB units$/),
    expect.stringMatching(/^registered 0x\w{40} by operation 0x\w{64}$/),
    'renters find 1 host',
  ])
})

test('post-jobs: three jobs by one operation', async () => {
  const printed = await run('post-jobs.ts')
  expect(printed.slice(0, 3)).toEqual(
    Array(3).fill(expect.stringMatching(/^job \d+ pays 2000000 USDC units$/)),
  )
  expect(printed.slice(3)).toEqual(Array(3).fill(expect.stringMatching(/^job \d+ is posted$/)))
})

describe('sponsored-app', () => {
  let backend: string

  beforeAll(async () => {
    const child = start('sponsored-app/backend.ts', {
      SPONSOR_URL: devnet.paymasterUrl,
      SPONSOR_KEY: apiKeys.demo,
      PORT: '0',
    })
    for await (const line of createInterface({ input: child.stdout })) {
      backend = line.replace('backend ', '')
      break
    }
  })

  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${backend}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })

  /** A message that signs a new account in, and its signature. */
  async function newLogin(overrides: { domain?: string; nonce?: string } = {}) {
    const { account } = await fixture.createClient()
    const { nonce } = (await (await fetch(`${backend}/nonce`)).json()) as { nonce: string }
    const message = createSiweMessage({
      address: account.address,
      chainId: devnet.chain.id,
      domain,
      nonce,
      uri: `https://${domain}`,
      version: '1',
      ...overrides,
    })
    return { account, message, signature: await account.signMessage({ message }) }
  }

  test('pays for a user that is logged in, and for nobody else', async () => {
    expect(await run('sponsored-app/user.ts', { BACKEND: backend })).toEqual([
      'not logged in: nothing is paid for',
      expect.stringMatching(/^0x\w{40} posted job \d+, and the app paid$/),
    ])
  })

  test('does not pay for the account of somebody else', async () => {
    const { message, signature } = await newLogin()
    const { token } = (await (await post('/login', { message, signature })).json()) as {
      token: string
    }
    const headers = { authorization: `Bearer ${token}` }
    const other = await fixture.createRenter('1', {
      paymaster: http(`${backend}/sponsor`, { fetchOptions: { headers } }),
    })
    const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }
    await expect(other.postJob(job)).rejects.toBeInstanceOf(SponsorUnauthorizedError)
    const { address: sender } = (await newLogin()).account
    const ask = (method: string, params: readonly unknown[]) =>
      post('/sponsor', { id: 1, method, params }, headers)
    const usage = await ask('pm_getUsage', [{ sender }, sender, '0x1'])
    expect(await usage.json()).toMatchObject({ error: { code: -32601 } })
    expect((await ask('pm_getPaymasterData', [{ sender: 'me' }, sender, '0x1'])).status).toBe(400)
    expect((await ask('pm_getPaymasterData', [])).status).toBe(400)
  })

  test('logs nobody in twice by one signature, by one for another page, or by a nonce of their own', async () => {
    const login = await newLogin()
    const statusOf = async ({ message, signature }: { message: string; signature: Hex }) =>
      (await post('/login', { message, signature })).status
    expect(await statusOf(login)).toBe(200)
    expect(await statusOf(login)).toBe(401)
    expect(await statusOf(await newLogin({ domain: 'evil.example' }))).toBe(401)
    expect(await statusOf(await newLogin({ nonce: 'a1b2c3d4e5f6' }))).toBe(401)
    const [one, other] = [await newLogin(), await newLogin()]
    expect(await statusOf({ ...one, signature: other.signature })).toBe(401)
    expect(await statusOf({ message: 'hello', signature: '0x' })).toBe(401)
  })
})

test('session-key-app: grants travel to another process, which claims for their hosts', async () => {
  const appKey = generatePrivateKey()
  const app = privateKeyToAddress(appKey)
  const grants: string[] = []
  for (let host = 0; host < 2; host += 1)
    grants.push(...(await run('session-key-app/grant.ts', { APP: app })))
  const hosts = grants.map((grant) => JSON.parse(grant).account as string)
  const renter = await fixture.createRenter('2')
  for (const prompt of ['bafyone', 'bafytwo'])
    await renter.postJobSync({ model: 'llama-70b', prompt, payment: usdc(1) })
  const printed = await run('session-key-app/claim-jobs.ts', { APP_KEY: appKey }, grants.join('\n'))
  const claimers = printed.map((line) => /^job \d+ is claimed by (0x\w{40})$/.exec(line)?.[1])
  expect(new Set(claimers)).toEqual(new Set(hosts))
  // Another key of the app's choice is no use.
  const stranger = run(
    'session-key-app/claim-jobs.ts',
    { APP_KEY: generatePrivateKey() },
    grants[0],
  )
  await expect(stranger).rejects.toThrow('SessionKeyMismatchError')
})

test('own-safe: a Safe posts jobs, which a sponsor pays that lists Safes', async () => {
  const chain = attachToChain(devnet.rpcUrl)
  await installSafe(chain)
  const apiKey = await sponsorAccountKinds(devnet, chain, [safeKind])
  const printed = await run('own-safe.ts', { SPONSOR: `${devnet.paymasterUrl}/?apikey=${apiKey}` })
  expect(printed).toEqual([
    ...Array(2).fill(expect.stringMatching(/^Safe 0x\w{40} posted job \d+$/)),
    expect.stringMatching(/^job \d+ is cancelled, 1000000 USDC units can be withdrawn$/),
  ])
})

test('the README names every example', async () => {
  const readme = await readFile(join(folder, 'README.md'), 'utf8')
  const entries = await readdir(folder, { withFileTypes: true })
  const named = entries
    .filter(({ name }) => name !== 'node_modules' && !/\.(json|md)$/.test(name))
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
  expect(named.filter((name) => !readme.includes(`(${name})`))).toEqual([])
})
