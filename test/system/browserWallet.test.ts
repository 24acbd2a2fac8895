import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseUnits } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findViolations } from './browser/findViolations.ts'
import { readPng } from './browser/png.ts'
import type { WalletPage } from './browser/walletPage.ts'
import { startWalletScene, viewport, type WalletScene } from './browser/walletScene.ts'

let scene: WalletScene
beforeAll(async () => {
  scene = await startWalletScene()
}, 240_000)
afterAll(() => scene?.close())

const committedPicture = join(import.meta.dirname, '../../docs/images/passkey-wallet.png')
const usdc = (amount: string) => parseUnits(amount, 6)

describe('a user with a passkey and nothing else', () => {
  let wallet: WalletPage
  let address: `0x${string}`
  beforeAll(async () => {
    wallet = await scene.open()
  })

  test('finds a page that is accessible, and enters it by keyboard', async () => {
    const { page } = wallet
    expect(await findViolations(page)).toEqual([])
    const order: string[] = []
    for (let tabs = 0; tabs < 3; tabs += 1) {
      await page.keyboard.press('Tab')
      order.push((await page.locator(':focus').textContent()) ?? '')
    }
    expect(order).toEqual([
      'Skip to the wallet',
      'Create a passkey wallet',
      'Sign in with a passkey',
    ])
  })

  test('creates it: the account has an address, and nothing is on chain', async () => {
    await wallet.press('Create a passkey wallet')
    address = await wallet.address()
    expect(address).toMatch(/^0x[\da-fA-F]{40}$/)
    expect(await wallet.page.locator(':focus').getAttribute('id')).toBe('main')
    expect(await wallet.text('deployed')).toBe('Not on chain yet')
    expect(await scene.chain.codeOf(address)).toBeUndefined()
    expect(wallet.prompts).toEqual({ created: 1, asserted: 0 })
  })

  test('takes demo USDC and posts two jobs by one operation, confirmed once', async () => {
    await wallet.press('Get demo USDC')
    expect(await wallet.text('usdc')).toBe('20.00')
    await wallet.press('Post two jobs at once')
    expect(await wallet.alert()).toBeUndefined()
    expect(wallet.prompts).toEqual({ created: 1, asserted: 1 })
    expect(await scene.chain.jobsOf(address)).toMatchObject([
      { status: 'posted', payment: usdc('1') },
      { status: 'posted', payment: usdc('1') },
    ])
    expect(await scene.chain.operationsOf(address)).toHaveLength(1)
    expect(await wallet.text('usdc')).toBe('18.00')
  })

  test('registers as a host by one operation, confirmed once', async () => {
    await wallet.press('Register as a host')
    expect(await wallet.alert()).toBeUndefined()
    expect(await scene.chain.isHost(address)).toBe(true)
    expect(await wallet.text('host-status')).toBe('Registered')
    expect(wallet.prompts).toEqual({ created: 1, asserted: 2 })
  })

  test('lets the page act, confirmed once and for the last time', async () => {
    await wallet.press('Let this page act for 1 hour')
    expect(wallet.prompts).toEqual({ created: 1, asserted: 3 })
    expect(await wallet.text('key-status')).toBe('Ready')
    expect(await scene.chain.operationsOf(address)).toHaveLength(2)
  })

  test('sees the key of the page post and open a session without being asked', async () => {
    await wallet.press('Post one')
    expect(await wallet.text('key-status')).toBe('Active')
    expect(await wallet.text('key-uses')).toBe('49 of 50')
    await wallet.press('Open a session for 5 USDC')
    expect(await wallet.alert()).toBeUndefined()
    expect(await wallet.text('key-uses')).toBe('48 of 50')
    expect(await wallet.text('key-usdc')).toBe('4.00 of 10.00')
    expect(await scene.chain.sessionOf(address)).toMatchObject({
      status: 'active',
      renter: address,
      deposit: usdc('5'),
    })
    expect(await scene.chain.usdcOf(address)).toBe(usdc('12'))
    expect(wallet.prompts).toEqual({ created: 1, asserted: 3 })
  })

  test('gets an answer, which the page co-signs and the host proves on chain', async () => {
    await wallet.page.getByRole('textbox', { name: 'Prompt' }).fill('Who pays for this?')
    await wallet.press('Ask')
    expect(await wallet.alert()).toBeUndefined()
    expect(await wallet.text('transcript')).toContain('You asked: “Who pays for this?”')
    const { provenTokens } = await scene.chain.sessionOf(address)
    expect(provenTokens).toBeGreaterThan(100n)
    expect(await wallet.text('session-signed')).toBe(`${provenTokens} tokens`)
    expect(await wallet.text('session-proven')).toBe(`${provenTokens} tokens`)
  })

  test('has a page with all of it that is accessible, in the light and in the dark', async () => {
    expect(await findViolations(wallet.page)).toEqual([])
    await wallet.page.emulateMedia({ colorScheme: 'dark' })
    expect(await findViolations(wallet.page)).toEqual([])
    await wallet.page.emulateMedia({ colorScheme: 'light' })
  })

  test('has its picture taken, as the one in the README was', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fabstir-picture-'))
    try {
      const path = join(folder, 'passkey-wallet.png')
      await wallet.takePicture(path)
      for (const picture of [path, committedPicture]) {
        const { width, height, differentRows } = readPng(await readFile(picture))
        expect(width).toBe(viewport.width)
        expect(height).toBeGreaterThan(viewport.height)
        expect(differentRows).toBeGreaterThan(height / 4)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('works as a host: the key of the page claims a job and hands in its result', async () => {
    await wallet.press('Work on a job')
    expect(await wallet.alert()).toBeUndefined()
    expect(await scene.chain.claimedBy(address)).toMatchObject([
      { host: address, status: 'released', payment: usdc('1') },
    ])
    expect(await scene.chain.owedTo(address)).toBe(usdc('0.85'))
    expect(wallet.prompts).toEqual({ created: 1, asserted: 3 })
  })

  test('ends the session and withdraws what it is owed', async () => {
    const { provenTokens, pricePer1000, deposit } = await scene.chain.sessionOf(address)
    await wallet.press('End and settle')
    expect(await wallet.alert()).toBeUndefined()
    expect(await scene.chain.sessionOf(address)).toMatchObject({ status: 'settled' })
    const refund = deposit - (provenTokens * pricePer1000) / 1000n
    expect(await scene.chain.owedTo(address)).toBe(refund + usdc('0.85'))
    await wallet.press(/^Withdraw/)
    expect(await scene.chain.owedTo(address)).toBe(0n)
    expect(await scene.chain.usdcOf(address)).toBe(usdc('12.85') + refund)
    expect(wallet.prompts).toEqual({ created: 1, asserted: 3 })
  })

  test('revokes the key, which is refused from then on', async () => {
    await wallet.press('Revoke')
    expect(wallet.prompts).toEqual({ created: 1, asserted: 4 })
    expect(await wallet.text('key-status')).toBe('Revoked')
    const before = await scene.chain.operationsOf(address)
    await wallet.press('Try to use it')
    expect(await wallet.alert()).toBe(
      'This key was revoked. The account refuses whatever it signs. Nothing was sent.',
    )
    expect(await scene.chain.operationsOf(address)).toEqual(before)
  })

  test('paid nothing: the sponsor paid all nine operations, and the account never had ETH', async () => {
    const operations = await scene.chain.operationsOf(address)
    const { sponsorPaymaster } = scene.devnet.contracts.deployments[0] ?? {}
    expect(operations).toHaveLength(9)
    for (const operation of operations)
      expect(operation).toMatchObject({ success: true, paymaster: sponsorPaymaster })
    expect(await scene.chain.ethOf(address)).toBe(0n)
    expect(await wallet.text('gas-user')).toBe('0 ETH')
    expect(await wallet.text('gas-sponsor')).toMatch(/^0\.00\d+ ETH$/)
    const sent = wallet.requests.filter((method) => method === 'eth_sendUserOperation')
    expect(sent).toHaveLength(9)
    expect(await wallet.text('prompts')).toBe('5')
  })

  test('signs in again after a reload, with one prompt', async () => {
    await wallet.page.reload()
    await wallet.press('Sign in with a passkey')
    expect(await wallet.address()).toBe(address)
    expect(wallet.prompts).toEqual({ created: 1, asserted: 5 })
    expect(await wallet.text('key-status')).toBe('Revoked')
    expect(await wallet.page.locator('#activity li').count()).toBe(13)
  })

  test('saw no error in the console and no violation of the policy of the page', () => {
    expect(wallet.problems).toEqual([])
  })

  test('is found by the same passkey in a browser that knows nothing, with one prompt', async () => {
    const other = await scene.open()
    await other.importCredentials(await wallet.credentials())
    await other.press('Sign in with a passkey')
    expect(await other.address()).toBe(address)
    expect(other.prompts).toEqual({ created: 0, asserted: 1 })
    await other.page.context().close()
  })
})

/** From now on the bundler takes operations, and the page never hears of it. */
const keepFromHearing = ({ page }: WalletPage) =>
  page.route(scene.devnet.bundlerUrl, async (route) => {
    if (!route.request().postData()?.includes('eth_sendUserOperation')) return route.continue()
    await route.fetch()
  })

test('a job that was posted while the page went away is not posted again by the same click after a reload', async () => {
  const wallet = await scene.open()
  const { page } = wallet
  await wallet.press('Create a passkey wallet')
  await wallet.press('Get demo USDC')
  await wallet.press('Let this page act for 1 hour')
  const address = await wallet.address()
  const jobs = async () => (await scene.chain.jobsOf(address)).length
  await keepFromHearing(wallet)
  await page.getByRole('button', { name: 'Post one' }).click()
  await expect.poll(jobs, { timeout: 30_000 }).toBe(1)
  await page.unrouteAll()
  await page.reload()
  await wallet.press('Sign in with a passkey')
  await wallet.press('Post one')
  expect(await wallet.alert()).toBeUndefined()
  expect(await jobs()).toBe(1)
  // It is known now: the next click means another job.
  await wallet.press('Post one')
  expect(await jobs()).toBe(2)
})

test('a session that was opened while the page went away is found again, with the key that co-signs it', async () => {
  const wallet = await scene.open()
  const { page } = wallet
  await wallet.press('Create a passkey wallet')
  await wallet.press('Get demo USDC')
  await wallet.press('Let this page act for 1 hour')
  const address = await wallet.address()
  await keepFromHearing(wallet)
  await page.getByRole('button', { name: 'Open a session for 5 USDC' }).click()
  const statusOf = () =>
    scene.chain.sessionOf(address).then(
      ({ status }) => status,
      () => 'none',
    )
  await expect.poll(statusOf, { timeout: 30_000 }).toBe('active')
  await page.unrouteAll()
  await page.reload()
  await wallet.press('Sign in with a passkey')
  expect(await wallet.text('session-status')).toBe('active')
  await wallet.press('Ask')
  expect(await wallet.alert()).toBeUndefined()
  const { provenTokens } = await scene.chain.sessionOf(address)
  expect(provenTokens).toBeGreaterThan(100n)
  expect(await wallet.text('session-signed')).toBe(`${provenTokens} tokens`)
})

test('an account that is not on chain yet is found by a second signature', async () => {
  const [first, second] = [await scene.open(), await scene.open()]
  await first.press('Create a passkey wallet')
  await second.importCredentials(await first.credentials())
  await second.press('Sign in with a passkey')
  expect(await second.address()).toBe(await first.address())
  expect(second.prompts).toEqual({ created: 0, asserted: 2 })
})
