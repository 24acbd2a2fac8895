import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, numberToHex } from 'viem'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { CallParameters } from '../../bundler/src/chain/reader.ts'
import { ChainError } from '../../bundler/src/chain/reader.ts'
import { createEstimator } from '../../bundler/src/estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../../bundler/src/estimation/limits.ts'
import { createFeeOracle } from '../../bundler/src/fees/feeOracle.ts'
import { sendOperation, waitForOperation } from '../fixtures/bundlerClient.ts'
import type { BundlerScene } from '../fixtures/bundlerScene.ts'
import { startBundlerScene } from '../fixtures/bundlerScene.ts'
import { execute, unsigned } from '../fixtures/simpleAccounts.ts'

/** Marks the time of each block: sstore(timestamp, 1). */
const diary: Address = '0x00000000000000000000000000000000000000d1'
const diaryCode = '0x60014255'
/** Reverts once its time is over. */
const offer: Address = '0x00000000000000000000000000000000000000d2'
/** if (timestamp > until) revert(0, 0) */
const offerUntil = (until: bigint): Hex =>
  concat(['0x63', numberToHex(until, { size: 4 }), '0x4211600a5700', '0x5b5f5ffd'])

let scene: BundlerScene
beforeAll(async () => {
  scene = await startBundlerScene()
  await scene.chain.client.setCode({ address: diary, bytecode: diaryCode })
})
afterEach(async () => {
  await scene.chain.client.removeBlockTimestampInterval()
  await scene.reset()
})
afterAll(() => scene?.stop())

/** From now on every block has the time of the newest. */
const standStill = () => scene.chain.client.setBlockTimestampInterval({ interval: 0 })

describe.each(entryPointAdapters)('EntryPoint $version', ({ version }) => {
  test('what was written for the second of the newest block may be written anew in the next one', async () => {
    const { chain, accounts } = scene
    const bundler = await scene.start()
    const account = await accounts.counterfactual(version)
    await standStill()
    await chain.send({ to: diary })
    await chain.client.setBlockTimestampInterval({ interval: 1 })
    const op = unsigned(account, { deploy: true, callData: execute({ to: diary }) })
    const hash = await sendOperation(bundler.url, account, op, chain.chainId)
    expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })
  })
})

test('a call that fails later is estimated for the second of the newest block', async () => {
  const { chain, accounts } = scene
  await standStill()
  const { timestamp } = await chain.client.getBlock()
  await chain.client.setCode({ address: offer, bytecode: offerUntil(timestamp) })
  const bundler = await scene.start()
  const account = await accounts.counterfactual('0.8')
  const op = unsigned(account, { deploy: true, callData: execute({ to: offer }) })
  const hash = await sendOperation(bundler.url, account, op, chain.chainId)
  expect(await waitForOperation(bundler.url, hash)).toMatchObject({ success: true })

  await chain.client.setCode({ address: offer, bytecode: offerUntil(timestamp - 1n) })
  const next = unsigned(account, { nonce: 1n, callData: execute({ to: offer }) })
  await expect(sendOperation(bundler.url, account, next, chain.chainId)).rejects.toThrow(
    /-32521 execution reverted/,
  )
})

test('a node that refuses another time is asked without it', async () => {
  const { chain, accounts } = scene
  const { chainId, reader } = chain
  const { gasPrice } = createFeeOracle({ reader })
  const times: (bigint | undefined)[] = []
  const refusing = {
    async call(parameters: CallParameters) {
      times.push(parameters.time)
      if (parameters.time !== undefined) throw new ChainError('eth_call', -32602, 'too many')
      return reader.call(parameters)
    },
  }
  const shared = { chainId, limits: defaultEstimationLimits, gasPrice }
  const account = await accounts.counterfactual('0.8')
  const op = unsigned(account, { deploy: true, callData: execute({ to: diary }) })
  const estimated = await createEstimator({
    ...shared,
    reader: refusing,
    nextTime: () => 4_000_000_000n,
  }).estimate(op, account.entryPoint)
  expect(times).toContain(4_000_000_000n)
  expect(estimated).toEqual(
    await createEstimator({ ...shared, reader }).estimate(op, account.entryPoint),
  )
})
