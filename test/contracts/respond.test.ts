import { fabstirGovernorAbi, fabTokenAbi, jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Address, parseEther, toFunctionSelector } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  isPausable,
  pausableFunctions,
  type Response,
} from '../../contracts/operations/respond/planResponse.ts'
import { readBreakerState, runResponse } from '../../contracts/operations/respond/runResponse.ts'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'

const chain = await hardhatDeployment()
const { book, publicClient, testClient, wallets } = chain
const hour = 3_600
const day = 24 * hour

let snapshot: `0x${string}`
beforeEach(async () => {
  snapshot = await testClient.snapshot()
})
afterEach(async () => {
  await testClient.revert({ id: snapshot })
})

const respond = (
  wanted: Response,
  options: { dryRun?: boolean; by?: typeof wallets.guardian } = {},
) => {
  const calls: string[] = []
  return runResponse({
    publicClient,
    walletClient: (options.by ?? wallets.guardian) as never,
    book,
    wanted,
    dryRun: options.dryRun ?? false,
    onCall: (text) => calls.push(text),
  }).then((state) => ({ ...state, calls }))
}
const state = () => readBreakerState(publicClient, book)
const pass = async (seconds: number) => {
  await testClient.increaseTime({ seconds })
  await testClient.mine({ blocks: 1 })
}
const payment = parseEther('0.01')
/** Whether a renter may post a job. */
const canPost = async () => {
  const { timestamp } = await publicClient.getBlock()
  return publicClient
    .simulateContract({
      account: wallets.renter.account,
      address: book.marketplace,
      abi: jobMarketplaceAbi,
      functionName: 'createJob',
      args: ['llama-70b', `0x${'00'.repeat(32)}`, payment, timestamp + 7_200n],
      value: payment,
    })
    .then(
      () => true,
      () => false,
    )
}

test('the breaker knows every function that can be named', async () => {
  const functions = Object.keys(pausableFunctions).filter(isPausable)
  const { calls } = await respond({ level: 2, functions }, { dryRun: true })
  expect(calls).toHaveLength(4)
})

describe('graduated response (row 166)', () => {
  test('from level 1 over named functions to a full stop, and down again', async () => {
    expect(await state()).toMatchObject({ level: 0, closed: [] })
    expect(await respond({ level: 1 })).toMatchObject({ level: 1, closed: [] })
    expect(await canPost()).toBe(true)

    const two = await respond({ level: 2, functions: ['postJob', 'registerNode'] })
    expect(two).toMatchObject({ level: 2, closed: ['postJob', 'registerNode'] })
    expect(two.calls).toEqual([
      'close postJob and its aliases',
      'close registerNode and its aliases',
    ])
    expect(await canPost()).toBe(false)

    const three = await respond({ level: 3, reason: 'drained escrow' })
    expect(three.closed).toEqual(Object.keys(pausableFunctions))
    // One pause from the first step on: going up has not made it longer.
    expect(three.until).toBe(two.until)

    await expect(respond({ level: 0 })).rejects.toThrow('BreakerCooldown')
    await pass(hour)
    // Coordinated: claims open first, new jobs stay closed until the cause is mended.
    const down = await respond({ level: 2, functions: ['postJob'] })
    expect(down).toMatchObject({ level: 2, closed: ['postJob', 'registerNode'] })
    expect(down.calls).toEqual(['close postJob and its aliases', 'set the breaker to level 2'])
    expect(await respond({ level: 1 })).toMatchObject({ level: 1, closed: [] })
    expect(await respond({ level: 0 })).toMatchObject({ level: 0, closed: [] })
    expect(await canPost()).toBe(true)
  })

  test('a dry run says what it would do, and what would be refused', async () => {
    const { calls } = await respond({ level: 3, reason: 'drill' }, { dryRun: true })
    expect(calls).toEqual(['stop all new work: drill'])
    expect((await state()).level).toBe(0)
    await expect(respond({ level: 0 }, { dryRun: true })).rejects.toThrow('BreakerNotPaused')
  })

  test('a stranger answers nothing', async () => {
    await expect(respond({ level: 1 }, { by: wallets.anyone })).rejects.toThrow(
      'AccessControlUnauthorizedAccount',
    )
  })

  test('a stop ends by itself after 72 hours, and the next one has to wait a week', async () => {
    await respond({ level: 3, reason: 'first' })
    await pass(72 * hour)
    expect((await state()).level).toBe(0)
    await expect(respond({ level: 1 })).rejects.toThrow('BreakerCooldown')
    await pass(7 * day)
    expect((await respond({ level: 1 })).level).toBe(1)
  })
})

describe('governance overrides the guardian (row 158)', () => {
  const governor = { address: book.governor, abi: fabstirGovernorAbi } as const
  /** Votes a level of the breaker through, as far as the moment before its execution. */
  const votedLevel = async (level: bigint): Promise<bigint> => {
    const { deployer } = wallets
    const delegate = [deployer.account.address as Address] as const
    await deployer.writeContract({
      ...{ address: book.fab, abi: fabTokenAbi, functionName: 'delegate', args: delegate },
    })
    await pass(1)
    const update = {
      targetContract: book.marketplace,
      functionSelector: toFunctionSelector('setCircuitBreakerLevel(uint8)'),
      parameterName: 'circuitBreakerLevel',
      newValue: level,
    }
    const { request, result: id } = await publicClient.simulateContract({
      ...governor,
      account: deployer.account,
      functionName: 'proposeParameterUpdate',
      args: [[update], `Breaker to level ${level}`],
    })
    await deployer.writeContract(request)
    await pass(day + 1)
    await deployer.writeContract({ ...governor, functionName: 'castVote', args: [id, true] })
    await pass(7 * day)
    await deployer.writeContract({ ...governor, functionName: 'queue', args: [id] })
    return id
  }
  const execute = (id: bigint) =>
    wallets.anyone.writeContract({ ...governor, functionName: 'execute', args: [id] })

  test('it opens what a guardian has stopped, and its own level ends after 14 days', async () => {
    const id = await votedLevel(1n)
    await pass(2 * day - hour)
    await respond({ level: 3, reason: 'a guardian gone mad' })
    expect(await canPost()).toBe(false)
    await pass(2 * hour)
    await execute(id)
    const overridden = await state()
    expect(overridden).toMatchObject({ level: 1, closed: [] })
    expect(await canPost()).toBe(true)

    // What governance set is not the guardian's to end, and it is bounded all the same.
    await expect(respond({ level: 0 })).rejects.toThrow('BreakerNotPaused')
    const { timestamp } = await publicClient.getBlock()
    expect(overridden.until).toBe(timestamp + BigInt(14 * day))
    await pass(14 * day)
    expect((await state()).level).toBe(0)
  })

  test('the guardian’s script says so when governance holds a higher level', async () => {
    const id = await votedLevel(3n)
    await pass(2 * day)
    await execute(id)
    await expect(respond({ level: 1 })).rejects.toThrow('the breaker is at level 3')
  })
})
