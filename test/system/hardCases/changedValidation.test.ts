import type { EntryPointAdapter } from '@fabstir/erc4337'
import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { numberToHex, parseEther, zeroHash } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Bundler } from '../../../bundler/src/bundler.ts'
import { rpcResult, submit } from '../../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../../fixtures/bundlerScene.ts'
import { startBundlerScene, until } from '../../fixtures/bundlerScene.ts'
import { stakeEntity } from '../../fixtures/stakeEntity.ts'
import { accountCode } from '../../rules/entityCode.ts'

const entryPoint: EntryPointAdapter = defaultEntryPoint
/** Hashes as many bytes as slot 0 says, and accepts. */
const hashingAccount = accountCode('0x5f545f2050')
/** Answers with slot 0 as validation data: 1 is a wrong signature [AA24]. */
const fickleAccount: Hex = '0x5f545f5260205ff3'
/** Accepts with a context of as many bytes as slot 0 says. */
const contextPaymaster: Hex = '0x60405f525f546040525f546060015ff3'

let scene: BundlerScene
let contracts = 0

beforeAll(async () => {
  scene = await startBundlerScene()
})
afterEach(() => scene.reset())
afterAll(() => scene?.stop())

async function setSlot(address: Address, value: number): Promise<void> {
  const slot = { address, index: zeroHash, value: numberToHex(value, { size: 32 }) }
  await scene.chain.client.setStorageAt(slot)
  await scene.chain.client.mine({ blocks: 1 })
}

/** A contract with a deposit in the EntryPoint. */
async function entity(code: Hex, slot: number, staked: boolean): Promise<Address> {
  contracts += 1
  const address: Address = `0x${contracts.toString(16).padStart(40, 'c')}`
  await scene.chain.client.setCode({ address, bytecode: code })
  if (staked) await stakeEntity(scene.chain, address, entryPoint.address)
  await scene.chain.deposit(entryPoint, address, parseEther('1'))
  await setSlot(address, slot)
  return address
}

function admit(bundler: Bundler, sender: Address, paymaster?: Address): Promise<Hex> {
  return submit(bundler.url, entryPoint, {
    sender,
    nonce: 0n,
    callData: '0x',
    callGasLimit: 100_000n,
    verificationGasLimit: 200_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 3_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signature: '0x',
    ...(paymaster && {
      ...{ paymaster, paymasterData: '0x', paymasterVerificationGasLimit: 200_000n },
      paymasterPostOpGasLimit: 50_000n,
    }),
  })
}

/** 0 is ok, 1 throttled, 2 banned. */
async function statusOf(bundler: Bundler, address: Address): Promise<number> {
  const dump = await rpcResult(bundler.url, 'debug_bundler_dumpReputation', [entryPoint.address])
  const entries = dump as { address: Address; status: Hex }[]
  const found = entries.find((entry) => entry.address.toLowerCase() === address.toLowerCase())
  return Number(found?.status ?? 0)
}

/** Makes a bundle, and calls `look` while it waits for its block. */
async function whileBundled(bundler: Bundler, look: () => Promise<void>): Promise<void> {
  await scene.chain.client.setAutomine(false)
  const bundled = rpcResult(bundler.url, 'debug_bundler_sendBundleNow')
  await until(async () => {
    const pending = await scene.chain.client.getBlock({ blockTag: 'pending' })
    return pending.transactions.length > 0
  })
  await look()
  await scene.chain.client.mine({ blocks: 1 })
  await bundled
}

describe.each(['js', 'local'] as const)('second validations traced by %s', (trace) => {
  test.each([
    { staked: true, slot: 0, status: 1 },
    { staked: true, slot: 0x8020, status: 0 },
    { staked: false, slot: 0, status: 0 },
  ])(
    '[EREP-070] an account that hashed 32 KiB and now $slot bytes, staked $staked: status $status',
    async ({ staked, slot, status }) => {
      const bundler = await scene.start({ trace, bundleMode: 'manual' })
      const account = await entity(hashingAccount, 0x8000, staked)
      await admit(bundler, account)
      await setSlot(account, slot)
      await whileBundled(bundler, async () => {
        expect(await statusOf(bundler, account)).toBe(status)
      })
    },
  )

  test('[EREP-055] a paymaster whose context grew is banned when another operation makes the bundle revert', async () => {
    const bundler = await scene.start({ trace, bundleMode: 'manual' })
    const paymaster = await entity(contextPaymaster, 32, true)
    const account = await entity(accountCode('0x'), 0, false)
    const fickle = await entity(fickleAccount, 0, false)
    await admit(bundler, account, paymaster)
    const failing = await admit(bundler, fickle)
    await setSlot(paymaster, 64)
    await setSlot(fickle, 1)
    await whileBundled(bundler, async () => {
      expect(await statusOf(bundler, paymaster)).toBe(2)
      expect(await scene.status(bundler, failing)).toBe('rejected')
    })
  })
})
