import type { Address, Hex } from 'viem'
import { concat, keccak256, numberToHex } from 'viem'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { RpcError } from '../../../types/rpcError.ts'
import type { TracedCall, TraceSource } from '../trace.ts'
import type { LocalTraceSourceOptions } from './localTraceSource.ts'
import { createLocalTraceSource } from './localTraceSource.ts'
import { assemble, returning } from './testing/assemble.ts'
import type { TestAccount } from './testing/completeState.ts'
import { createInlinePool } from './testing/inlinePool.ts'
import type { MemoryChain } from './testing/memoryChain.ts'
import { memoryChain } from './testing/memoryChain.ts'
import { caller, nobody, other, target, word } from './testing/traceCode.ts'
import { UntraceableChainError } from './traceableChain.ts'
import type { WorkerPool, WorkerPoolOptions } from './worker/workerPool.ts'
import { createWorkerPool } from './worker/workerPool.ts'

// A worker loads its modules first, on cores that other tests use.
vi.setConfig({ testTimeout: 60_000 })

const rules = { chainId: 31_337, fork: 'prague' } as const
const open: TraceSource[] = []
afterEach(() => Promise.all(open.splice(0).map((source) => source.close())))

function sourceOf(chain: MemoryChain, options: Partial<LocalTraceSourceOptions> = {}): TraceSource {
  const shared = { reader: chain.reader, chainId: rules.chainId, workers: 1 }
  const source = createLocalTraceSource({ ...shared, createPool: createInlinePool, ...options })
  open.push(source)
  return source
}

const inThreads = { createPool: createWorkerPool }

const callOf = (fields: Partial<TracedCall> = {}): TracedCall => ({
  from: caller,
  to: target,
  data: '0x',
  gas: 1_000_000n,
  stateOverride: {},
  blockTag: 'latest',
  ...fields,
})

/** Returns a slot of its own plus one of the account that it asks. */
const asking = concat([
  assemble(32, 0, 0, 0, 0, other, 'GAS', 'CALL', 'POP'),
  returning(0, 'MLOAD', 1, 'SLOAD', 'ADD'),
])
const world = (own: number, asked: number): Record<Address, TestAccount> => ({
  [target]: { code: asking, storage: { [word(1)]: word(own) } },
  [other]: { code: returning(2, 'SLOAD'), storage: { [word(2)]: word(asked) }, balance: 5n },
})
const twice = (source: TraceSource, call: TracedCall) =>
  Promise.all([source.trace(call), source.trace(call)])

describe('state of the node', () => {
  test('is read as it is missed, pinned to one block, and kept for the block', async () => {
    const chain = memoryChain(rules, world(3, 4))
    const source = sourceOf(chain)
    const trace = await source.trace(callOf())
    expect(trace.result).toEqual({ ok: true, data: word(7) })
    expect(trace.frames).toMatchObject([
      { parent: -1, address: target, storage: { reads: [word(1)] } },
      { parent: 0, address: other, storage: { reads: [word(2)] } },
    ])

    chain.roundTrips.length = 0
    expect(await source.trace(callOf())).toEqual(trace)
    expect(chain.roundTrips).toEqual([['eth_getBlockByNumber']])
  })

  test('a block that is named by its hash needs no look at the head', async () => {
    const chain = memoryChain(rules, world(3, 4))
    const blockHash = chain.mine(world(5, 6))
    const source = sourceOf(chain)
    const before = await source.trace(callOf({ blockTag: { blockHash } }))
    chain.roundTrips.length = 0
    expect(await source.trace(callOf({ blockTag: { blockHash } }))).toEqual(before)
    expect(chain.roundTrips).toEqual([])
  })

  test('a new block is read anew, code by its hash only once', async () => {
    const chain = memoryChain(rules, world(3, 4))
    const source = sourceOf(chain)
    await source.trace(callOf())
    chain.roundTrips.length = 0
    chain.mine(world(10, 20))
    expect((await source.trace(callOf())).result.data).toBe(word(30))
    expect(chain.roundTrips.flat()).not.toContain('eth_getCode')
  })

  test('code that changed is read again: an EIP-7702 account delegates elsewhere', async () => {
    const delegating = (to: Address) => ({
      [target]: { code: concat(['0xef0100', to]), nonce: 1n },
    })
    const impls = { [other]: { code: returning(1) }, [nobody]: { code: returning(2) } }
    const chain = memoryChain(rules, { ...impls, ...delegating(other) })
    const source = sourceOf(chain)
    expect((await source.trace(callOf())).result.data).toBe(word(1))
    chain.mine({ ...impls, ...delegating(nobody) })
    expect((await source.trace(callOf())).result.data).toBe(word(2))
  })

  test('overridden values are not kept', async () => {
    const source = sourceOf(memoryChain(rules, world(3, 4)))
    const stateOverride = {
      [target.toUpperCase().replace('0X', '0x')]: { stateDiff: { '0x1': word(100) } },
      [other]: { code: returning(9) },
    }
    expect((await source.trace(callOf({ stateOverride }))).result.data).toBe(word(109))
    expect((await source.trace(callOf())).result.data).toBe(word(7))
  })

  test('traces at one time share round trips', async () => {
    const chain = memoryChain(rules, world(3, 4))
    const source = sourceOf(chain)
    await source.trace(callOf())
    chain.roundTrips.length = 0
    const traces = await Promise.all(Array.from({ length: 20 }, () => source.trace(callOf())))
    expect(new Set(traces.map(({ result }) => result.data))).toEqual(new Set([word(7)]))
    expect(chain.roundTrips.length).toBeLessThanOrEqual(2)
  })

  test('hashes of earlier blocks', async () => {
    const code = returning(999, 'BLOCKHASH')
    const { result } = await sourceOf(memoryChain(rules, { [target]: { code } })).trace(callOf())
    expect(result.data).toBe(keccak256(numberToHex(999n)))
  })

  test('several workers find the same', async () => {
    const source = sourceOf(memoryChain(rules, world(3, 4)), { workers: 2, ...inThreads })
    const [one, two] = await twice(source, callOf())
    expect(one.result.data).toBe(word(7))
    expect(two).toEqual(one)
  })
})

describe('a block that is gone', () => {
  test('after a reorg a tag stands for the new head', async () => {
    const chain = memoryChain(rules, world(3, 4))
    chain.mine(world(50, 60))
    // The head goes away between the look at it and the first read.
    chain.onRequest = (method) => {
      if (method !== 'eth_call') return
      chain.onRequest = () => {}
      chain.drop()
    }
    expect((await sourceOf(chain).trace(callOf())).result.data).toBe(word(7))
  })

  test.each([
    { blockTag: { blockHash: word(0xbad) }, named: word(0xbad) },
    { blockTag: 'latest', named: 'latest' },
  ] as const)('$named: nodeUnavailable after three attempts', async ({ blockTag, named }) => {
    const chain = memoryChain(rules, world(3, 4))
    chain.drop()
    const error = await sourceOf(chain)
      .trace(callOf({ blockTag }))
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: -32_000,
      data: { reason: 'nodeUnavailable', block: named },
    })
    expect(String(error)).toContain('Resource not found')
    expect(chain.roundTrips).toHaveLength(3)
  })

  test('a node that cannot be reached is not asked again', async () => {
    const chain = memoryChain(rules, world(3, 4))
    const unreachable = new RpcError(-32_000, 'no answer', { reason: 'nodeUnavailable' })
    chain.onRequest = () => {
      throw unreachable
    }
    await expect(sourceOf(chain).trace(callOf())).rejects.toBe(unreachable)
    expect(chain.roundTrips).toHaveLength(1)
  })

  test('a node whose code has another hash than it says', async () => {
    const chain = memoryChain(rules, world(3, 4))
    const { reader } = chain
    const lying = {
      request: async (method: string, params: unknown[]) =>
        method === 'eth_getCode' ? '0x5b' : reader.request(method, params),
    }
    const source = sourceOf({ ...chain, reader: lying })
    await expect(source.trace(callOf())).rejects.toThrow(/the code at 0x\w+ has the hash/)
  })
})

describe('chains', () => {
  test.each([324, 300, 42_161, 421_614, 42_170])('%i is refused at once', (chainId) => {
    const { reader } = memoryChain(rules, {})
    expect(() => createLocalTraceSource({ reader, chainId })).toThrow(UntraceableChainError)
  })

  test('every chain of ArbOS is found by its precompile', async () => {
    const arbSys = { '0x0000000000000000000000000000000000000064': { code: '0xfe' } } as const
    const run = sourceOf(memoryChain(rules, { ...world(3, 4), ...arbSys })).trace(callOf())
    await expect(run).rejects.toThrow('chain 31337 cannot be traced locally: it runs ArbOS')
  })

  test('the chain id is that of the EVM', async () => {
    const run = sourceOf(memoryChain({ ...rules, chainId: 5 }, world(3, 4))).trace(callOf())
    await expect(run).rejects.toThrow('its EVM gives the chain id 5')
  })

  const clz: Hex = concat([assemble(1), '0x1e'])
  test.each([
    { fork: 'paris', code: '0x5f', ok: false },
    { fork: 'shanghai', code: '0x5f', ok: true },
    { fork: 'shanghai', code: assemble(1, 'TLOAD'), ok: false },
    { fork: 'cancun', code: assemble(1, 'TLOAD', 'BLOBBASEFEE'), ok: true },
    { fork: 'prague', code: clz, ok: false },
    { fork: 'osaka', code: clz, ok: true },
  ] as const)('on $fork the code $code runs: $ok', async ({ fork, code, ok }) => {
    const chain = memoryChain({ chainId: 31_337, fork }, { [target]: { code } })
    expect((await sourceOf(chain).trace(callOf())).result.ok).toBe(ok)
  })

  test.each([3_450n, 6_900n, undefined])('P256VERIFY at %s gas', async (p256VerifyGas) => {
    const verify = assemble('GAS', 0, 0, 0, 0, '0x0100', '0xffff', 'STATICCALL', 'POP', 'GAS')
    const code = concat([verify, returning('SWAP1', 'SUB')])
    const chain = memoryChain(
      { ...rules, ...(p256VerifyGas && { p256VerifyGas }) },
      { [target]: { code } },
    )
    const { result } = await sourceOf(chain).trace(callOf())
    // Six pushes, POP, GAS; an account without code is cold, a precompile never.
    const around = 6n * 3n + 2n + 2n
    expect(BigInt(result.data)).toBe(around + (p256VerifyGas ? 100n + p256VerifyGas : 2_600n))
  })
})

describe('limits', () => {
  const loop = { [target]: { code: assemble('JUMPDEST', 0, 'JUMP') } }
  test.each([
    { name: 'gas', options: { maxGas: 999_999n }, message: 'gas 1000000 is above the 999999' },
    {
      name: 'steps',
      options: { maxSteps: 5_000, ...inThreads },
      message: 'the call takes more than 5000 steps',
    },
  ])('$name: the operation is refused', async ({ options, message }) => {
    const source = sourceOf(memoryChain(rules, loop), options)
    const error = await source.trace(callOf()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: -32_500, data: { rule: 'traceLimit' } })
    expect(String(error)).toContain(message)
    // The worker goes on.
    const { result } = await source.trace(callOf({ to: nobody, gas: 100_000n }))
    expect(result).toEqual({ ok: true, data: '0x' })
  })

  test('less gas than the call costs before it begins', async () => {
    const source = sourceOf(memoryChain(rules, world(3, 4)))
    const data = '0x0001'
    // [EIP-7623] 21,000 and 10 for each of 1 + 4 tokens.
    await expect(source.trace(callOf({ data, gas: 21_049n }))).rejects.toMatchObject({
      code: -32_602,
      message: 'gas 21049 is below the 21050 that the call costs before it begins',
    })
    const { result } = await source.trace(callOf({ to: nobody, data, gas: 21_050n }))
    expect(result.ok).toBe(true)
  })

  test('runs that only find out what is missing count together', async () => {
    // Each slot that it reads is another run from the start.
    const reading = Array.from({ length: 40 }, (_, slot) => assemble(slot, 'SLOAD', 'POP'))
    const runs: number[] = []
    const createPool = (options: WorkerPoolOptions): WorkerPool => {
      const pool = createInlinePool(options)
      const run: WorkerPool['run'] = async (job) => {
        const outcome = await pool.run(job)
        runs.push(runs.length)
        return outcome.kind === 'missing' ? { ...outcome, ms: 900 } : outcome
      }
      return { ...pool, run }
    }
    const chain = memoryChain(rules, { [target]: { code: concat(reading) } })
    const source = sourceOf(chain, { createPool, runTimeoutMs: 5_000 })
    const error = await source.trace(callOf()).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: -32_500, data: { rule: 'traceLimit' } })
    expect(String(error)).toContain('5000 ms')
    expect(runs).toHaveLength(6)
  })

  test('pending has no hash', async () => {
    const source = sourceOf(memoryChain(rules, world(3, 4)))
    const run = source.trace(callOf({ blockTag: 'pending' }))
    await expect(run).rejects.toMatchObject({ code: -32_602, message: /must not be pending/ })
  })

  test('more traces than may wait are turned away', async () => {
    const source = sourceOf(memoryChain(rules, world(3, 4)), { maxQueue: 2 })
    const accepted = twice(source, callOf())
    await expect(source.trace(callOf())).rejects.toMatchObject({
      code: -32_000,
      message: '2 traces are under way already',
    })
    expect(await accepted).toHaveLength(2)
    expect((await source.trace(callOf())).result.ok).toBe(true)
  })

  test('a closed source traces nothing', async () => {
    const source = sourceOf(memoryChain(rules, loop), inThreads)
    const running = source.trace(callOf()).catch((thrown: unknown) => thrown)
    await source.close()
    expect(await running).toMatchObject({ code: -32_000, message: 'the trace source is closed' })
    await expect(source.trace(callOf())).rejects.toMatchObject({ code: -32_000 })
  })
})
