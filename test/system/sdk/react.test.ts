import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import {
  cancelJob,
  completeSession,
  type FabstirClient,
  findHosts,
  InsufficientBalanceError,
  postJob,
  revokeSession,
  usdc,
  watchJobs,
} from '@fabstir/sdk'
import {
  FabstirProvider,
  FabstirProviderNotFoundError,
  NotConnectedError,
  useAction,
  useBalances,
  useBatch,
  useFabstirClient,
  useGrantSession,
  useJob,
  useSession,
  useView,
  useWatch,
} from '@fabstir/sdk/react'
import { fabstir } from '@fabstir/sdk/wagmi'
import { connect, createConfig, disconnect } from '@wagmi/core'
import { build } from 'esbuild'
import { createElement, type ReactNode } from 'react'
import { http } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WagmiProvider } from 'wagmi'
import { freshKey, sdkFixture } from '../sdkFixture.ts'
import { job } from './providerFixture.ts'
import { openPage, type Page } from './reactFixture.ts'
import { openWebProject } from './webProject.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let page: Page
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  page = await openPage()
}, 180_000)
afterAll(async () => {
  await page?.close()
  await devnet?.close()
})

const inside = (client: FabstirClient) => (children: ReactNode) =>
  createElement(FabstirProvider, { client }, children)
const soon = { timeout: 30_000 }

test('actions are mutations with their events, and what was read is read again after them', async () => {
  const renter = await fixture.createRenter('10')
  const { current, unmount } = page.render(() => {
    const post = useAction(postJob)
    const cancel = useAction(cancelJob)
    const job = useJob({ jobId: post.data?.jobId })
    const balances = useBalances()
    return { post, cancel, job, balances }
  }, inside(renter))
  await expect
    .poll(() => current().balances.data, soon)
    .toEqual({ eth: 0n, fab: 0n, usdc: usdc(10).value })
  expect(current().job).toMatchObject({ fetchStatus: 'idle', data: undefined })

  const { jobId, payment } = await current().post.mutateAsync(job)
  expect(payment).toBe(1_000_000n)
  await expect.poll(() => current().job.data?.status, soon).toBe('posted')
  await expect.poll(() => current().balances.data?.usdc, soon).toBe(usdc(9).value)

  current().cancel.mutate({ jobId })
  await expect.poll(() => current().job.data?.status, soon).toBe('cancelled')
  expect(current().cancel.data).toMatchObject({ jobId, refund: 1_000_000n })
  unmount()
})

test('errors are those of the actions', async () => {
  const renter = await fixture.createRenter('1')
  const { current } = page.render(() => useAction(postJob), inside(renter))
  await expect.poll(() => current().isIdle, soon).toBe(true)
  current().mutate({ ...job, payment: usdc(2) })
  await expect.poll(() => current().error, soon).toBeInstanceOf(InsufficientBalanceError)
})

test('a batch is one operation, a grant is signed, and ended by an action', async () => {
  const renter = await fixture.createRenter('10')
  const { current } = page.render(
    () => ({ batch: useBatch(), grant: useGrantSession(), revoke: useAction(revokeSession) }),
    inside(renter),
  )
  await expect.poll(() => current().batch.isIdle, soon).toBe(true)
  const [first, second] = await current().batch.batch([
    postJob.call(job),
    postJob.call({ ...job, payment: usdc(2) }),
  ])
  expect([first.payment, second.payment]).toEqual([1_000_000n, 2_000_000n])

  const key = freshKey()
  const grant = await current().grant.mutateAsync({
    key: key.address,
    expiresIn: '1h',
    scope: ['cancelJob'],
  })
  expect(await renter.getSessionKey(grant)).toMatchObject({ status: 'unused' })
  expect(await current().revoke.mutateAsync(grant)).toMatchObject({ outcome: 'cancelled' })
})

test('sessions and any other read are queries', async () => {
  const host = await fixture.createHost()
  const renter = await fixture.createRenter('10')
  const { sessionId } = await renter.openSessionSync({
    host: host.account.address,
    deposit: usdc(5),
    pricePer1000: usdc('0.5'),
    checkpointInterval: 500n,
    coSigner: freshKey().address,
  })
  const { current } = page.render(
    () => ({
      session: useSession({ sessionId }),
      hosts: useView(findHosts, { model: 'llama-70b' }),
      end: useAction(completeSession),
    }),
    inside(renter),
  )
  await expect.poll(() => current().session.data?.status, soon).toBe('active')
  await expect
    .poll(() => current().hosts.data?.map(({ node }) => node), soon)
    .toContain(host.account.address)
  await current().end.mutateAsync({ sessionId })
  await expect.poll(() => current().session.data?.status, soon).not.toBe('active')
})

test('a watcher gives every event once, until the component is gone', async () => {
  const renter = await fixture.createRenter('3')
  const seen: string[] = []
  const failures: unknown[] = []
  const { current, unmount } = page.render(() => {
    const post = useAction(postJob)
    const { jobId } = post.data ?? {}
    useWatch(
      watchJobs,
      jobId === undefined
        ? undefined
        : {
            jobId,
            fromBlock: 0n,
            onEvents: (events) => void seen.push(...events.map(({ name }) => name)),
            onError: (error) => void failures.push(error),
          },
    )
    return { post, cancel: useAction(cancelJob) }
  }, inside(renter))
  await expect.poll(() => current().post.isIdle, soon).toBe(true)
  const { jobId } = await current().post.mutateAsync(job)
  await expect.poll(() => seen, soon).toEqual(['JobPosted'])
  await current().cancel.mutateAsync({ jobId })
  await expect.poll(() => seen, soon).toEqual(['JobPosted', 'JobCancelled'])
  unmount()
  const again = await renter.postJobSync(job)
  expect(again.jobId).toBeGreaterThan(jobId)
  expect([seen.length, failures]).toEqual([2, []])
})

test("wagmi's connection gives the client, and takes it away", async () => {
  const renter = await fixture.createRenter('1')
  const { chain } = devnet
  const connector = fabstir({ client: renter })
  const config = createConfig({
    chains: [chain],
    transports: { [chain.id]: http(devnet.rpcUrl) },
    connectors: [connector],
    storage: null,
    multiInjectedProviderDiscovery: false,
  })
  const { current } = page.render(
    () => ({ client: useFabstirClient(), post: useAction(postJob), balances: useBalances() }),
    (children) =>
      createElement(WagmiProvider, { config }, createElement(FabstirProvider, null, children)),
  )
  await expect.poll(() => current().post.isIdle, soon).toBe(true)
  expect(current().client).toBeUndefined()
  await expect(current().post.mutateAsync(job)).rejects.toThrow(NotConnectedError)

  const [connected] = config.connectors
  if (!connected) throw new Error('the app has no connector')
  await connect(config, { connector: connected })
  await expect.poll(() => current().client, soon).toBe(renter)
  expect(await current().post.mutateAsync(job)).toMatchObject({ renter: renter.account.address })
  await expect.poll(() => current().balances.data?.usdc, soon).toBe(0n)

  await disconnect(config)
  await expect.poll(() => current().client, soon).toBeUndefined()
  // Nobody's balances are shown for those of the account before.
  await expect.poll(() => current().balances.data, soon).toBeUndefined()
})

test('a hook outside of a provider says so', async () => {
  const { error } = page.render(useFabstirClient, (children) => children)
  await expect.poll(error, soon).toBeInstanceOf(FabstirProviderNotFoundError)
})

test('the component of docs/web.md posts a job at a click', async () => {
  const project = await openWebProject()
  try {
    const outfile = join(project.folder, 'app.js')
    await build({
      entryPoints: [join(project.folder, 'app.tsx')],
      ...{ outfile, bundle: true, packages: 'external', format: 'esm', jsx: 'automatic' },
    })
    const { App } = await import(pathToFileURL(outfile).href)
    const renter = await fixture.createRenter('10')
    const shown = page.mount(createElement(App, { client: renter }))
    await expect.poll(shown.text, soon).toBe('10000000 to spend')
    shown.click('button')
    await expect.poll(shown.text, soon).toBe('posted')
    expect(await fixture.jobsOf(renter)).toHaveLength(1)
  } finally {
    await project.remove()
  }
})
