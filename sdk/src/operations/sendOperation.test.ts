import { fallback, type Hash, type Hex, numberToHex } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  NonceLaneBusyError,
  UserOperationDroppedError,
  UserOperationTimeoutError,
  UserOperationUnansweredError,
} from '../errors/userOperation.ts'
import { testContracts as contracts } from '../testing/addressBook.ts'
import { lost, refuse, sendingScene } from '../testing/sendingScene.ts'
import { failover } from '../transports/failover.ts'

type Send = (hash: Hash) => unknown

const calls = [{ to: contracts.usdc, data: '0x12345678' as Hex }]
const others = [{ to: contracts.usdc, data: '0x9abcdef0' as Hex }]
const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => {
      throw new Error(`it resolved with ${value}`)
    },
    (error: unknown) => error,
  )
/** Hash of an operation of which nobody has said whether it was taken. */
const unansweredOf = async (sending: Promise<Hash>): Promise<Hash> => {
  const error = await caught(sending)
  expect(error).toBeInstanceOf(UserOperationUnansweredError)
  return (error as UserOperationUnansweredError).hash
}
const accept: Send = (hash) => hash
const expired: Send = () => refuse('AA32 paymaster expired or not due')
/** Answers the sends in turn, then accepts. */
const inTurn = (...answers: Send[]): Send => {
  return (hash) => (answers.shift() ?? accept)(hash)
}
const saying = (status: string) => ({
  pimlico_getUserOperationStatus: () => ({ status, transactionHash: null }),
})

describe('what may have been taken', () => {
  test('is one operation also when the one with its nonce was lost as well', async () => {
    const scene = await sendingScene()
    let answer = lost as Send
    const client = scene.client(scene.bundler((hash) => answer(hash)))
    const first = await unansweredOf(client.sender.send(calls))
    answer = (hash) => (hash === first ? expired(hash) : lost())
    const second = await unansweredOf(client.sender.send(calls))
    expect(second).not.toBe(first)
    scene.include(second)
    answer = accept
    expect(await client.sender.send(calls)).toBe(second)
    expect(scene.included).toEqual([second])
  })

  test('is looked for to the last one before there is a new one', async () => {
    const scene = await sendingScene({ nonceLanes: 2 })
    let answer = lost as Send
    const client = scene.client(scene.bundler((hash) => answer(hash)))
    const [first, second] = await Promise.all(
      [1, 2].map(() => unansweredOf(client.sender.send(calls))),
    )
    // Another client of the same key takes the nonce of the first.
    const elsewhere = scene.client(scene.bundler(accept))
    scene.include(await elsewhere.sender.send(others))
    answer = accept
    expect(await client.sender.send(calls)).toBe(second)
    expect(await client.sender.send(calls)).not.toBe(first)
  })

  test.each([
    { name: 'that viem does not know', fail: () => Promise.reject(new Error('socket hang up')) },
    { name: '-32603', fail: () => refuse('upstream timed out', -32603) },
  ])('is not refused by a failure $name', async ({ fail }) => {
    const scene = await sendingScene()
    const client = scene.client(
      scene.bundler((hash) => {
        scene.include(hash)
        return fail()
      }),
    )
    const hash = await client.sender.send(calls)
    expect(scene.included).toEqual([hash])
  })

  test.each([
    { name: 'failover', several: failover, code: -32503 },
    { name: 'fallback', several: fallback as typeof failover, code: -32504 },
  ])('by one of several ($name), the refusal of another does not end', async (of) => {
    const scene = await sendingScene()
    const down = { eth_getUserOperationReceipt: lost, eth_getUserOperationByHash: lost }
    const first = scene.bundler(lost, down)
    const refused: Send = () => refuse('AA32 paymaster expired or not due', of.code)
    const second = scene.bundler(inTurn(lost, refused))
    const client = scene.client(of.several([first, second]))
    expect(await caught(client.sender.send(calls))).toMatchObject({ aaCode: 'AA32' })
    const [hash = '0x'] = scene.operations.keys()
    scene.include(hash)
    expect(await client.sender.send(calls)).toBe(hash)
    expect(scene.included).toEqual([hash])
  })

  test('although it was dropped, has its nonce left to the same calls alone', async () => {
    const scene = await sendingScene()
    const client = scene.client(scene.bundler(accept, saying('rejected')))
    const hash = await client.sender.send(calls)
    expect(await caught(client.sender.confirm(hash))).toBeInstanceOf(UserOperationDroppedError)
    const again = await client.sender.send(calls)
    expect(again).not.toBe(hash)
    expect([hash, again].map(scene.nonceOf)).toEqual([0n, 0n])
    // Another bundler had it all the time.
    scene.include(hash)
    expect(await client.sender.confirm(again)).toMatchObject({ userOperationHash: hash })
    expect(await client.sender.send(calls).then(scene.nonceOf)).toBe(1n)
  })
})

describe('a nonce that a bundler has seen used', () => {
  /** Nodes and bundlers that have not seen the newest block. */
  const behind = {
    node: { eth_getLogs: () => [], eth_call: () => numberToHex(0, { size: 32 }) },
    bundler: { eth_getUserOperationReceipt: () => null },
  }

  test('ends nothing as long as the chain has it unused', async () => {
    const scene = await sendingScene()
    const client = scene.client(scene.bundler(lost, behind.bundler))
    const hash = await unansweredOf(client.sender.send(calls))
    scene.include(hash)
    Object.assign(scene.overrides, behind.node)
    for (const _ of [1, 2])
      expect(await caught(client.sender.send(calls))).toMatchObject({ aaCode: 'AA25' })
    for (const method of Object.keys(behind.node)) delete scene.overrides[method]
    expect(await client.sender.send(calls)).toBe(hash)
    expect([...scene.operations.keys()]).toEqual([hash])
  })

  test('is its own, also when who waits for it sees its end before it is sent again', async () => {
    const scene = await sendingScene()
    const client = scene.client(scene.bundler(lost))
    const hash = await unansweredOf(client.sender.send(calls))
    const { run } = client.lanes
    client.lanes.run = async (task) => {
      scene.include(hash)
      await client.sender.confirm(hash)
      return run(task)
    }
    expect(await client.sender.send(calls)).toBe(hash)
    expect([...scene.operations.keys()]).toEqual([hash])
  })

  test('is not left when one of several says that the account is there already', async () => {
    const scene = await sendingScene()
    const deployed: Send = (hash) => {
      scene.include(hash)
      scene.overrides.eth_getLogs = behind.node.eth_getLogs
      return refuse('AA10 sender already constructed')
    }
    const client = scene.client(fallback([scene.bundler(inTurn(deployed), behind.bundler)]))
    expect(await caught(client.sender.send(calls))).toMatchObject({ aaCode: 'AA25' })
    delete scene.overrides.eth_getLogs
    const [first] = scene.included
    expect(await client.sender.send(calls)).toBe(first)
    expect(scene.included).toEqual([first])
  })
})

describe('one that takes the place of another', () => {
  const replaced = async (others = saying('rejected')) => {
    const scene = await sendingScene()
    let answer = lost as Send
    const client = scene.client(scene.bundler((hash) => answer(hash), others))
    const first = await unansweredOf(client.sender.send(calls))
    answer = (hash) => (hash === first ? expired(hash) : hash)
    return { scene, client, first, second: await client.sender.send(calls) }
  }

  test.each(['first', 'second'] as const)(
    'ends as the %s of both that is on chain, for who waits for either',
    async (included) => {
      const { scene, client, ...both } = await replaced()
      scene.include(both[included])
      for (const hash of [both.first, both.second])
        expect(await client.sender.confirm(hash)).toMatchObject({
          userOperationHash: both[included],
        })
    },
  )

  test('is on chain as well when only the chain knows', async () => {
    const forgetful = { ...saying('not_found'), eth_getUserOperationReceipt: () => null }
    const { scene, client, first, second } = await replaced(forgetful)
    scene.include(first)
    expect(await client.sender.confirm(second)).toMatchObject({ userOperationHash: first })
  })

  test('keeps the lane of its nonce', async () => {
    const scene = await sendingScene({ nonceLanes: 2 })
    const client = scene.client(scene.bundler(accept, saying('rejected')))
    const inFirst = await client.sender.send(others)
    const inSecond = await client.sender.send(calls)
    expect([inFirst, inSecond].map(scene.laneOf)).toEqual([0, 1])
    scene.include(inFirst)
    await client.sender.confirm(inFirst)
    await caught(client.sender.confirm(inSecond))
    // Both lanes are free, and the second has the nonce.
    expect(await client.sender.send(calls).then(scene.laneOf)).toBe(1)
    expect(await client.sender.send(others).then(scene.laneOf)).toBe(0)
  })
})

describe('a lane', () => {
  test('is free after one time-out when a bundler that tells no status has lost what was in it', async () => {
    const scene = await sendingScene()
    const client = scene.client(scene.bundler(accept))
    const first = await client.sender.send(calls)
    const next = await client.sender.send(others)
    expect([first, next].map(scene.nonceOf)).toEqual([0n, 0n])
    // Nobody has said that the first was dropped.
    expect(await caught(client.sender.confirm(first))).toBeInstanceOf(UserOperationTimeoutError)
  })

  test('is busy as long as such a bundler has it, which the next caller is told without a hash of its own', async () => {
    const scene = await sendingScene()
    const client = scene.client(scene.bundler(accept, { eth_getUserOperationByHash: () => ({}) }))
    const first = await client.sender.send(calls)
    const error = await caught(client.sender.send(others))
    expect(error).toBeInstanceOf(NonceLaneBusyError)
    expect(error).toMatchObject({ cause: { name: 'UserOperationTimeoutError', hash: first } })
    expect(error).not.toHaveProperty('hash')
    expect(scene.operations.size).toBe(1)
  })
})

describe('without waiting until the time is over', () => {
  const seconds = { timeout: 20_000 }

  test('the same calls go out anew when another operation has the nonce of what was refused', async () => {
    const scene = await sendingScene()
    const client = scene.client(failover([scene.bundler(inTurn(expired))]), seconds)
    await caught(client.sender.send(calls))
    scene.include(await client.sender.send(others))
    expect(await client.sender.send(calls).then(scene.nonceOf)).toBe(1n)
  })

  test('an address in a refusal is no code of the EntryPoint', async () => {
    const scene = await sendingScene()
    const throttled: Send = () =>
      refuse('0x1234AA2500000000000000000000000000000025 is throttled', -32504)
    const client = scene.client(scene.bundler(inTurn(lost as Send, throttled)), seconds)
    await caught(client.sender.send(calls))
  })
})
