import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import { deploySuccessor } from '@fabstir/contracts/deploy'
import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, parseEther, slice } from 'viem'
import {
  entryPoint08Abi,
  entryPoint08Address,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { devnetAccounts, privateKeyOf } from '../../devnet/src/keys.ts'
import type { PaymasterService } from '../../paymaster-service/src/service.ts'
import { createPaymasterService } from '../../paymaster-service/src/service.ts'
import { encryptKeystore } from '../../paymaster-service/src/signing/keystore/keystore.ts'
import { localSigner } from '../../paymaster-service/src/signing/signer.ts'
import {
  encodePaymasterData,
  sponsorshipHasher,
} from '../../paymaster-service/src/signing/sponsoredOperation.ts'
import type { Stack } from './paymasterFixture.ts'
import {
  deploymentOf,
  newAccount,
  newOperation,
  serviceOptions,
  signed,
  signerKey,
  sponsored,
  startStack,
} from './paymasterFixture.ts'
import { include, usageOf, usageWhen } from './paymasterUsage.ts'

const entryPoint = entryPoint08Address
const adminKey = 'an-administrator-of-the-rotation-test'
const newKey = generatePrivateKey()
const oldSigner = privateKeyToAddress(signerKey)
const spareSigner = devnetAccounts.sponsorSpareSigner.address
const newSigner = privateKeyToAddress(newKey)

let stack: Stack
let folder: string
let service: PaymasterService
let first: Address
let successor: Address

/** An operation that was sponsored before the rotation and not sent. */
let waiting: { account: Awaited<ReturnType<typeof newAccount>>; op: UserOperation }
const charged: { paymaster: Address; cost: bigint }[] = []

async function putKey(name: string, key: Hex) {
  const cost = { n: 16, r: 8, p: 1 }
  const keystore = await encryptKeystore(key, 'a password', { random: randomBytes, cost })
  writeFileSync(join(folder, 'keys', name), JSON.stringify(keystore))
}

type Status = { paymaster: Address; lastValidUntil: number; freeWei: string }
type AdminAnswer = Status[] & { error: { problems: { field: string; message: string }[] } }

async function admin(method: string, path: string, body?: object) {
  const response = await fetch(`${service.url}/admin${path}`, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: response.status, body: (await response.json()) as AdminAnswer }
}
const rotateTo = (paymaster: Address) =>
  admin('POST', '/paymasters/rotate', { entryPoint, paymaster })
const statusOf = async (paymaster: Address) => {
  const { body } = await admin('GET', '/paymasters')
  const found = body.find((each) => each.paymaster === paymaster)
  if (!found) throw new RangeError(`no paymaster ${paymaster}`)
  return found
}

const succeed = (paymaster: Address, replace: Address, signer: Address) =>
  deploySuccessor({
    publicClient: stack.publicClient,
    walletClient: stack.walletClient,
    ...{ paymaster, replace, signer },
  })

async function migrate(amount: bigint) {
  const hash = await stack.walletClient.writeContract({
    account: devnetAccounts.sponsorOperator,
    address: first,
    abi: sponsorPaymasterAbi,
    functionName: 'migrateTo',
    args: [successor, amount],
  })
  const receipt = await stack.client.waitForTransactionReceipt({ hash })
  expect(receipt.status).toBe('success')
}

async function sponsorNew() {
  const account = await newAccount(stack, entryPoint)
  return { account, op: await sponsored(service, entryPoint, newOperation(stack, account)) }
}

async function send({ account, op }: typeof waiting) {
  const event = await include(stack, entryPoint, await signed(account, entryPoint, op))
  expect(event.success).toBe(true)
  charged.push({ paymaster: event.paymaster, cost: event.actualGasCost })
  return event
}

/** Whether the EntryPoint takes it, and if not why. */
async function verdict({ account, op }: typeof waiting): Promise<string> {
  const packed = toPackedUserOperation(await signed(account, entryPoint, op))
  try {
    await stack.client.simulateContract({
      account: stack.walletClient.account,
      address: entryPoint,
      abi: entryPoint08Abi,
      functionName: 'handleOps',
      args: [[packed], devnetAccounts.treasury.address],
    })
    return 'taken'
  } catch (error) {
    return /AA\d\d[^"]*?(?=["\n)]|$)/.exec(String(error))?.[0].trim() ?? String(error)
  }
}

beforeAll(async () => {
  stack = await startStack()
  first = deploymentOf(stack.contracts, entryPoint).sponsorPaymaster
  folder = mkdtempSync(join(tmpdir(), 'fabstir-rotation-'))
  mkdirSync(join(folder, 'keys'))
  await putKey('2-old.json', signerKey)
  await putKey('3-spare.json', privateKeyOf(devnetAccounts.sponsorSpareSigner))
  writeFileSync(join(folder, 'password'), 'a password\n')
  const { signerKey: _, ...options } = serviceOptions(stack, {
    administrators: [{ name: 'ops', key: adminKey }],
    depositIntervalMs: 50,
  })
  service = await createPaymasterService({
    ...options,
    keystores: join(folder, 'keys'),
    keystorePasswordFile: join(folder, 'password'),
  })
})
afterAll(async () => {
  await service?.close()
  await stack?.anvil.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a key management service that hangs: refused in time, told by /ready, nothing held back, and back by itself', async () => {
  const key = localSigner(signerKey)
  let hangs = true
  const { signerKey: _, ...options } = serviceOptions(stack, { signTimeoutMs: 200 })
  const own = await createPaymasterService({
    ...options,
    signer: {
      address: key.address,
      sign: (digest) => (hangs ? new Promise(() => undefined) : key.sign(digest)),
    },
  })
  try {
    const ask = async () =>
      sponsored(own, entryPoint, newOperation(stack, await newAccount(stack, entryPoint)))
    const ready = async () => (await fetch(`${own.url}/ready`)).json()
    await expect(ask()).rejects.toThrow(`the key ${key.address} gives no answer in time`)
    expect(await usageOf(own)).toMatchObject({ reserved: 0n, operations: 0 })
    await expect.poll(ready, { timeout: 10_000 }).toMatchObject({
      ready: false,
      problems: expect.arrayContaining([expect.stringContaining(key.address)]),
    })
    hangs = false
    await expect
      .poll(ready, { timeout: 20_000, interval: 200 })
      .toEqual({ ready: true, problems: [] })
    await ask()
    expect((await usageOf(own)).operations).toBe(1)
  } finally {
    await own.close()
  }
})

describe('a signing key is rotated while apps go on asking', () => {
  test('the first of the two live keys signs; the paymaster is ready', async () => {
    expect(await statusOf(first)).toMatchObject({
      state: 'active',
      signsWith: oldSigner,
      liveSigners: [oldSigner, spareSigner],
      depositWei: `${parseEther('5')}`,
    })
    expect((await fetch(`${service.url}/ready`)).status).toBe(200)
  })

  test('a successor needs a live key, the right EntryPoint and a deposit', async () => {
    const council = devnetAccounts.council.address
    const half = await succeed(first, oldSigner, council)
    const strangers = await succeed(half, spareSigner, devnetAccounts.deployer.address)
    const problem = async (paymaster: Address) => {
      const { status, body } = await rotateTo(paymaster)
      const [problem] = body.error.problems
      return `${status} ${problem?.field}: ${problem?.message}`
    }
    expect(await problem(strangers)).toMatch(/^400 paymaster: none of its signers/)
    expect(await problem(stack.contracts.marketplace)).toMatch(/^400 paymaster: .* is no Sponsor/)
    expect(await problem(first)).toMatch(/^409 paymaster: .* is the active paymaster already/)
    successor = await succeed(first, oldSigner, newSigner)
    expect(await problem(successor)).toMatch(/^400 paymaster: .* has no deposit/)
  })

  test('no request is refused, what the old key signed is paid, and the new key signs', async () => {
    waiting = await sponsorNew()
    await send(await sponsorNew())
    // The new key comes first among the files.
    await putKey('1-new.json', newKey)
    await migrate(parseEther('2'))

    let asking = true
    let count = 0
    const signedFor: Address[] = []
    const ask = async () => {
      while (asking) {
        const { op } = await sponsorNew()
        signedFor.push(op.paymaster ?? '0x')
        count++
      }
    }
    const askers = [ask(), ask(), ask(), ask()]
    await vi.waitFor(() => expect(count).toBeGreaterThan(10), { timeout: 30_000 })
    const rotated = await rotateTo(successor)
    const atRotation = count
    expect(rotated).toMatchObject({
      status: 200,
      body: { paymaster: successor, replaces: first, liveSigners: [newSigner, spareSigner] },
    })
    await vi.waitFor(() => expect(count).toBeGreaterThan(atRotation + 10), { timeout: 30_000 })
    asking = false
    // Throws what any request was refused with.
    await Promise.all(askers)
    expect(signedFor.slice(0, 5)).toEqual(Array(5).fill(first))
    expect(signedFor.slice(-5)).toEqual(Array(5).fill(successor))
    expect(await statusOf(successor)).toMatchObject({ state: 'active', signsWith: newSigner })
    expect(await statusOf(first)).toMatchObject({ state: 'retiring', signsWith: null })

    const own = await sponsorNew()
    const event = await send(own)
    expect(event.paymaster).toBe(successor)
  })

  test('an operation that the old key signed before is included after, and settled', async () => {
    expect((await send(waiting)).paymaster).toBe(first)
    const total = charged.reduce((sum, { cost }) => sum + cost, 0n)
    expect((await usageWhen(service, ({ settled }) => settled === total)).settled).toBe(total)
    expect(new Set(charged.map(({ paymaster }) => paymaster))).toEqual(new Set([first, successor]))
  })

  test('the chain refuses the old key at the successor, and its signatures too', async () => {
    const { account, op } = await sponsorNew()
    expect(await verdict({ account, op })).toBe('taken')
    const window = { validAfter: 1, validUntil: 3_000 }
    const now = Number((await stack.client.getBlock()).timestamp)
    const terms = {
      policyHash: slice(op.paymasterData ?? '0x', 0, 16),
      validAfter: now - window.validAfter,
      validUntil: now + window.validUntil,
    }
    const digestFor = (paymaster: Address) =>
      sponsorshipHasher({ chainId: foundry.id, entryPoint, paymaster, op, delegate: undefined })(
        terms,
      )
    const withSignature = async (key: Hex, paymaster: Address) => ({
      account,
      op: {
        ...op,
        paymaster: successor,
        paymasterData: encodePaymasterData({
          ...terms,
          signature: await localSigner(key).sign(digestFor(paymaster)),
        }),
      },
    })
    expect(await verdict(await withSignature(newKey, successor))).toBe('taken')
    expect(await verdict(await withSignature(signerKey, successor))).toMatch(/^AA34/)
    // A signature for the paymaster before, by the key that both know.
    const spareKey = privateKeyOf(devnetAccounts.sponsorSpareSigner)
    expect(await verdict(await withSignature(spareKey, successor))).toBe('taken')
    expect(await verdict(await withSignature(spareKey, first))).toMatch(/^AA34/)
    const changed = concat([slice(op.paymasterData ?? '0x', 0, 92), '0x1a'])
    expect(await verdict({ account, op: { ...op, paymasterData: changed } })).toMatch(/^AA34/)
  })

  test('a revoked key signs no more; the spare one does, and revoking is in the audit log', async () => {
    expect((await admin('DELETE', `/signers/${newSigner}`)).status).toBe(200)
    expect(await statusOf(successor)).toMatchObject({ signsWith: spareSigner })
    expect(await verdict(await sponsorNew())).toBe('taken')
    const { body } = await admin('GET', '/audit')
    expect(body).toMatchObject([{ action: 'paymaster.rotate' }, { action: 'signer.revoke' }])
    expect((await admin('GET', '/audit/verify')).body).toMatchObject({ ok: true })
  })

  test('after the last signature of the old paymaster its deposit is free to move', async () => {
    const { lastValidUntil } = await statusOf(first)
    await stack.client.setNextBlockTimestamp({ timestamp: BigInt(lastValidUntil + 61) })
    await stack.client.mine({ blocks: 1 })
    const retired = await vi.waitFor(
      async () => {
        const status = await statusOf(first)
        expect(status).toMatchObject({ state: 'retired', reservedWei: '0', lastValidUntil: null })
        return status
      },
      { timeout: 10_000 },
    )
    await migrate(BigInt(retired.freeWei))
    expect(await statusOf(first)).toMatchObject({ depositWei: '0' })
    const { op, account } = await sponsorNew()
    expect(await verdict({ op, account })).toBe('taken')
    const { settled } = await usageOf(service)
    expect(settled).toBe(charged.reduce((sum, { cost }) => sum + cost, 0n))
  })
})
