import { Worker } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import { createBlockState } from '../state/blockState.ts'
import { block, caller, target } from '../testing/traceCode.ts'
import type { Job, WorkerPool, WorkerPoolOptions } from './workerPool.ts'
import {
  createWorkerPool,
  PoolClosedError,
  WorkerCrashedError,
  WorkerTimeoutError,
} from './workerPool.ts'

const pools: WorkerPool[] = []
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())))

const answer = `parentPort.postMessage({ job: request.job, outcome: { kind: 'refused', message: 'worker ' + threadId } })`

/** A pool whose workers do `each` in turn with a request; the last goes for all that follow. */
function poolOf(each: readonly string[], options: Partial<WorkerPoolOptions> = {}) {
  let started = 0
  const pool = createWorkerPool({
    workers: 1,
    maxSteps: 1_000,
    timeoutMs: 60_000,
    codes: new Map(),
    spawn() {
      const body = each[Math.min(started++, each.length - 1)]
      const code = `import { parentPort, threadId } from 'node:worker_threads'
        parentPort.postMessage('ready')
        parentPort.on('message', (request) => { ${body} })`
      return new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
    },
    ...options,
  })
  pools.push(pool)
  return { pool, started: () => started }
}

function job(): Job {
  const state = createBlockState(1, '0x01')
  state.environment = block
  const call = { from: caller, to: target, data: '0x', gas: 100_000n, stateOverride: {} } as const
  return { state, call, rules: { chainId: 1, fork: 'prague' }, codes: new Map() }
}

test.each([
  { name: 'exits', body: 'process.exit(7)' },
  { name: 'throws', body: 'throw new Error("out of memory")' },
])('a worker that $name is replaced, and its job done by the next', async ({ body }) => {
  const { pool, started } = poolOf([body, answer])
  expect(await pool.run(job())).toMatchObject({ kind: 'refused' })
  expect(started()).toBe(2)
})

test('a job that ends two workers is given up, and others go on', async () => {
  const crash = `if (request.call.to === '0xdead') process.exit(7); else ${answer}`
  const { pool, started } = poolOf([crash])
  const deadly = job()
  const [ended, done] = await Promise.allSettled([
    pool.run({ ...deadly, call: { ...deadly.call, to: '0xdead' } }),
    pool.run(job()),
  ])
  expect(ended).toMatchObject({ reason: new WorkerCrashedError() })
  expect(done).toMatchObject({ value: { kind: 'refused' } })
  expect(started()).toBe(3)
})

test('workers that cannot start are not started for ever', async () => {
  const { pool, started } = poolOf(['syntax error('])
  await expect(pool.run(job())).rejects.toThrow(WorkerCrashedError)
  expect(started()).toBe(2)
})

test('a run that takes too long is given up, and its worker replaced', async () => {
  const { pool } = poolOf(['for (;;) {}', answer], { timeoutMs: 50 })
  await expect(pool.run(job())).rejects.toThrow(WorkerTimeoutError)
  expect(await pool.run(job())).toMatchObject({ kind: 'refused' })
})

test('jobs wait for one worker, and go to two at a time', async () => {
  const counting = await Promise.all(
    Array.from({ length: 4 }, () => poolOf([answer]).pool.run(job())),
  )
  expect(counting).toHaveLength(4)
  const { pool, started } = poolOf([answer], { workers: 2 })
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => pool.run(job())))
  expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(2)
  expect(started()).toBe(2)
})

test('what a worker has of a state is not sent again', async () => {
  const echo = `parentPort.postMessage({ job: request.job, outcome: { kind: 'refused', message:
    (request.kind === 'trace') ? request.entries.length + ' ' + request.codes.length : '' } })`
  const codes = new Map([['0xc0de', new Uint8Array([1])]]) as WorkerPoolOptions['codes']
  const { pool } = poolOf([echo], { codes })
  const { state, ...rest } = job()
  const account = { kind: 'account', balance: 0n, nonce: 0n } as const
  state.add([{ ...account, address: '0x0a', codeHash: '0xc0de' }])
  expect(await pool.run({ state, ...rest })).toMatchObject({ message: '1 1' })
  state.add([
    { ...account, address: '0x0b', codeHash: '0xc0de' },
    { ...account, address: '0x0a', codeHash: '0xc0de', balance: 5n },
  ])
  expect(await pool.run({ state, ...rest })).toMatchObject({ message: '1 0' })
  pool.forget(state)
  expect(await pool.run({ state, ...rest })).toMatchObject({ message: '2 0' })
})

test('a closed pool ends what is under way', async () => {
  const { pool } = poolOf([''])
  const [running, waiting] = [pool.run(job()), pool.run(job())]
  const ends = Promise.allSettled([running, waiting])
  await pool.close()
  const reason = new PoolClosedError()
  expect(await ends).toMatchObject([{ reason }, { reason }])
  await expect(pool.run(job())).rejects.toThrow(PoolClosedError)
})
