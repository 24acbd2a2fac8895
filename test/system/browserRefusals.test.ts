import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { apiKeys } from '../../devnet/src/apps.ts'
import type { WalletPage } from './browser/walletPage.ts'
import { startWalletScene, type WalletScene } from './browser/walletScene.ts'

let scene: WalletScene
beforeAll(async () => {
  scene = await startWalletScene()
}, 240_000)
afterAll(() => scene?.close())

const sends = ({ requests }: WalletPage) =>
  requests.filter((method) => method === 'eth_sendUserOperation').length

/** `fetch` sets the Host itself. */
async function statusOf(head: string, port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  socket.end(`${head}\r\nConnection: close\r\n\r\n`)
  return Number((await text(socket)).split(' ')[1])
}

const notUsed =
  'The passkey was not used. The prompt was closed, or this device could not verify you by fingerprint, face or PIN. Nothing was sent.'

describe('the passkey', () => {
  test('of an authenticator that cannot verify its user is not made', async () => {
    const wallet = await scene.open({ hasUserVerification: false })
    await wallet.press('Create a passkey wallet')
    expect(await wallet.alert()).toBe(notUsed)
    expect(await wallet.credentials()).toEqual([])
    expect(
      await wallet.page.getByRole('button', { name: 'Create a passkey wallet' }).isVisible(),
    ).toBe(true)
    await wallet.page.context().close()
  })

  test('that its user does not confirm sends nothing, and can be tried again', async () => {
    const wallet = await scene.open()
    await wallet.press('Create a passkey wallet')
    const address = await wallet.address()
    await wallet.press('Get demo USDC')
    await wallet.refuseUser()
    for (const button of ['Post one', 'Let this page act for 1 hour']) {
      await wallet.press(button)
      expect(await wallet.alert()).toBe(notUsed)
    }
    expect(sends(wallet)).toBe(0)
    expect(await scene.chain.operationsOf(address)).toEqual([])
    expect(await wallet.text('key-status')).toBe('None')

    await wallet.acceptUser()
    await wallet.press('Post one')
    expect(await wallet.alert()).toBeUndefined()
    expect(await scene.chain.jobsOf(address)).toHaveLength(1)

    await wallet.page.reload()
    await wallet.refuseUser()
    await wallet.press('Sign in with a passkey')
    expect(await wallet.alert()).toBe(notUsed)
    expect(await wallet.page.locator('#wallet').isVisible()).toBe(false)
    await wallet.page.context().close()
  })
})

test('two tabs use one key at the same time, and see what the other has done', async () => {
  const context = await scene.newContext()
  const [first, second] = [await scene.open({ context }), await scene.open({ context })]
  await first.press('Create a passkey wallet')
  await first.press('Get demo USDC')
  await first.press('Let this page act for 1 hour')
  await second.importCredentials(await first.credentials())
  await second.press('Sign in with a passkey')
  const address = await first.address()
  expect(await second.address()).toBe(address)

  await Promise.all([first.press('Post two jobs at once'), second.press('Post one')])
  expect([await first.alert(), await second.alert()]).toEqual([undefined, undefined])
  expect(await scene.chain.jobsOf(address)).toHaveLength(3)
  expect([first.prompts.asserted, second.prompts.asserted]).toEqual([1, 1])
  for (const { page } of [first, second])
    await page.locator('#activity li[data-state="done"]').nth(1).waitFor()

  await second.press('Revoke')
  await first.page.locator('#key-status', { hasText: 'Revoked' }).waitFor()
  await first.press('Try to use it')
  expect(await first.alert()).toContain('This key was revoked.')
  await context.close()
})

describe('a host', () => {
  let wallet: WalletPage
  beforeAll(async () => {
    wallet = await scene.open()
    await wallet.press('Create a passkey wallet')
    await wallet.press('Get demo USDC')
    await wallet.press('Let this page act for 1 hour')
    await wallet.press('Open a session for 5 USDC')
  })
  const proven = async () =>
    (await scene.chain.sessionOf(await wallet.address())).provenTokens.toString()

  test('that did not get a voucher gets it before the next prompt', async () => {
    await wallet.page.route('**/host/checkpoint', (route) => route.abort())
    await wallet.press('Ask')
    expect(await wallet.alert()).toContain('The server of this page does not answer.')
    expect(await proven()).toBe('0')
    await wallet.page.unrouteAll()
    await wallet.press('Ask')
    expect(await wallet.alert()).toBeUndefined()
    expect(await wallet.text('session-signed')).toBe(`${await proven()} tokens`)
    expect(wallet.requests.filter((path) => path === '/host/checkpoint')).toHaveLength(3)
  })

  test('that counts more tokens than the page has read gets no signature', async () => {
    const before = [await proven(), wallet.requests.length]
    await wallet.page.route('**/host/answer', async (route) => {
      const response = await route.fetch()
      const { text, tokens }: { text: string; tokens: string } = await response.json()
      await route.fulfill({ response, json: { text, tokens: `${BigInt(tokens) + 700n}` } })
    })
    await wallet.press('Ask')
    expect(await wallet.alert()).toMatch(
      /The host counts 1[01]\d\d tokens, and this page has read 4\d\d. Nothing was signed.$/,
    )
    expect(await proven()).toBe(before[0])
    expect(wallet.requests.slice(Number(before[1]))).not.toContain('/host/checkpoint')
  })

  test('is the same when the server starts again', async () => {
    const offerOf = async ({ url }: { url: string }) =>
      (
        await fetch(`${url}/host`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', origin: url },
          body: '{}',
        })
      ).json()
    const again = await scene.serve(apiKeys.demo)
    expect(await offerOf(again)).toEqual(await offerOf(scene.server))
  })
})

test('a sponsor whose budget is used up says so, and nothing is sent', async () => {
  const { url } = await scene.serve(apiKeys.small)
  const wallet = await scene.open({ url })
  await wallet.press('Create a passkey wallet')
  await wallet.press('Get demo USDC')
  let paid = 0
  for (; paid < 8; paid += 1) {
    await wallet.press('Post one')
    if (await wallet.alert()) break
  }
  expect(await wallet.alert()).toMatch(
    /^The sponsor does not pay for this now\. Its rule “global\.cap” refused\. 0\.00\d+ ETH of it are left\. It starts anew on .+ Nothing was sent\.$/,
  )
  expect(paid).toBeGreaterThan(0)
  const address = await wallet.address()
  expect(await scene.chain.operationsOf(address)).toHaveLength(paid)
  expect(sends(wallet)).toBe(paid)
  expect(await scene.chain.ethOf(address)).toBe(0n)
  await wallet.page.context().close()
})

test('a bundler that is down is named, and the same click works when it is back', async () => {
  const wallet = await scene.open()
  await wallet.press('Create a passkey wallet')
  await wallet.press('Get demo USDC')
  await scene.devnet.services.bundler.stop()
  await wallet.press('Post one')
  expect(await wallet.alert()).toBe(
    'The bundler cannot be reached. Nothing was sent. Try again in a moment.',
  )
  await scene.devnet.restartBundler()
  await wallet.press('Post one')
  expect(await wallet.alert()).toBeUndefined()
  expect(await scene.chain.jobsOf(await wallet.address())).toHaveLength(1)
  await wallet.page.context().close()
})

test('the policy of the page lets no foreign script, markup or address in', async () => {
  const wallet = await scene.open()
  const injected = await wallet.page.evaluate(`(async () => {
    const tried = {}
    const attempt = async (name, action) => {
      tried[name] = await Promise.resolve().then(action).then(() => 'done', () => 'refused')
    }
    const script = document.createElement('script')
    await attempt('markup', () => { document.body.innerHTML = '<img src=x onerror=alert(1)>' })
    await attempt('a script in the page', () => { script.textContent = '1' })
    await attempt('a script from elsewhere', () => { script.src = 'http://127.0.0.1:9/' })
    await attempt('another server', () => fetch('http://127.0.0.1:9/?stolen'))
    return tried
  })()`)
  expect(injected).toEqual({
    markup: 'refused',
    'a script in the page': 'refused',
    'a script from elsewhere': 'refused',
    'another server': 'refused',
  })
  expect(wallet.problems.join()).toContain(`Connecting to 'http://127.0.0.1:9/?stolen' violates`)
  await wallet.page.context().close()
})

describe('the server of the page', () => {
  const ask = (path: string, { body, headers }: { body?: unknown; headers?: object } = {}) =>
    fetch(new URL(path, scene.server.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        origin: scene.server.url,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const stub = { id: 1, method: 'pm_getPaymasterStubData', params: [] }

  test.each([
    { name: 'another page', headers: { origin: 'http://localhost:1' }, body: stub, status: 403 },
    { name: 'no page', headers: { origin: '' }, body: stub, status: 403 },
    { name: 'a form', headers: { 'content-type': 'text/plain' }, body: stub, status: 415 },
    { name: 'another method', body: { ...stub, method: 'pm_sponsorUserOperation' }, status: 403 },
    { name: 'an administrator', body: { ...stub, method: 'admin_setPolicy' }, status: 403 },
    { name: 'a batch', body: [stub, stub], status: 400 },
    { name: 'no JSON', body: '{', status: 400 },
    { name: 'more than 128 kB', body: { ...stub, params: ['a'.repeat(131_072)] }, status: 413 },
  ])('does not ask the sponsor for $name', async ({ body, status, headers }) => {
    const response = await ask('/sponsor', { body, ...(headers && { headers }) })
    expect(response.status).toBe(status)
    expect(Object.keys((await response.json()) as object)).toEqual(['error'])
  })

  test('asks the sponsor what ERC-7677 names, and passes its answer on', async () => {
    const answer = await (await ask('/sponsor', { body: stub })).json()
    expect(answer).toMatchObject({ id: 1, error: { code: -32602 } })
  })

  test.each([
    { path: '/faucet', body: { address: '0x12' }, message: 'address: no address' },
    { path: '/host/settle', body: { sessionId: 1 }, message: 'sessionId: expected decimal text' },
    { path: '/host/answer', body: { sessionId: '1', prompt: ' ' }, message: 'prompt: expected 1' },
  ])('says what is wrong with a request for $path', async ({ path, body, message }) => {
    const response = await ask(path, { body })
    expect(response.status).toBe(400)
    expect((await response.json()) as object).toMatchObject({
      error: expect.stringContaining(message),
    })
  })

  test('gives nothing away: not its key, not its files, nothing to another name', async () => {
    const page = await Promise.all(
      ['/', '/wallet.js', '/config'].map(async (path) => (await ask(path)).text()),
    )
    for (const text of page) expect(text).not.toContain(apiKeys.demo)
    expect((await ask('/..%2f..%2fpackage.json')).status).toBe(404)
    expect((await ask('/server/walletServer.ts')).status).toBe(404)
    const { port } = new URL(scene.server.url)
    expect(await statusOf(`GET / HTTP/1.1\r\nHost: evil.test:${port}`, Number(port))).toBe(421)
    expect(await statusOf(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}`, Number(port))).toBe(307)
  })
})

describe('the SDK without Node', () => {
  const program = async () => {
    const { rpcUrl, bundlerUrl } = scene.devnet
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, 'browser/sdkProgram.ts')],
      ...{ bundle: true, format: 'esm', target: 'es2022', platform: 'browser', write: false },
      define: {
        urls: JSON.stringify({ rpc: rpcUrl, bundler: bundlerUrl, server: scene.server.url }),
      },
    })
    return outputFiles[0]?.text ?? ''
  }

  test.each([
    { where: 'page', load: `import(file)` },
    {
      where: 'worker',
      load: `new Worker(file, { type: 'module' }).onmessage = ({ data }) => postMessage(data)`,
    },
  ])('posts, grants and is refused in a $where of Chromium', async ({ where, load }) => {
    const context = await scene.newContext()
    const page = await context.newPage()
    // Of the server's origin, without a page's policy.
    await page.goto(`${scene.server.url}/config`)
    const report = await page.evaluate(`new Promise((resolve) => {
      addEventListener('message', ({ data }) => resolve(data))
      const code = ${JSON.stringify(await program())}
      const file = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
      ${load}
    })`)
    expect(report).toEqual({
      ...{ posted: 2, where, node: false, refused: 'SessionSpendLimitExceededError' },
    })
    await context.close()
  })
})
