import { Worker } from 'node:worker_threads'
import type { Hex } from 'viem'
import type { EvmRules, InterpretedCall } from '../interpreter/interpreter.ts'
import type { BlockState } from '../state/blockState.ts'
import type { RunOutcome, WorkerRequest, WorkerResponse } from './messages.ts'

export type Job = {
  state: BlockState
  call: InterpretedCall
  rules: EvmRules
  /** Code that the run is known to need, besides that of the accounts in `state`. */
  codes: ReadonlyMap<Hex, Uint8Array>
}

export type WorkerPoolOptions = {
  workers: number
  /** Opcodes after which a run is given up. */
  maxSteps: number
  /** Milliseconds that one run may take; precompiles take time without steps. */
  timeoutMs: number
  /** Code of accounts, by its hash. */
  codes: Pick<ReadonlyMap<Hex, Uint8Array>, 'get'>
  spawn?: () => Worker
}

export type WorkerPool = {
  /**
   * Runs one job against what its state holds.
   * @throws WorkerCrashedError, WorkerTimeoutError, PoolClosedError
   */
  run(job: Job): Promise<RunOutcome>
  /** Drops a block's state in all workers. */
  forget(state: BlockState): void
  close(): Promise<void>
}

type Task = Job & {
  id: number
  /** Workers that ended while they had it. */
  crashes: number
  resolve(outcome: RunOutcome): void
  reject(error: Error): void
}

type Slot = {
  worker: Worker
  /** Its modules are loaded: from now on time is that of runs. */
  ready: boolean
  task: Task | undefined
  timer: NodeJS.Timeout | undefined
  /** Entries of each state that the worker has. */
  sent: Map<number, number>
  sentCodes: Set<Hex>
}

/** MiB of heap of one worker; more is a crash of that worker, not of the process. */
const MAX_HEAP_MB = 512
/** Pieces of code that a worker keeps: 24 KiB each at most. */
const MAX_CODES = 2_000
/** States that a worker keeps; more than one source has are left over from traces that outlived a block. */
const MAX_STATES = 16

/** Runs jobs in worker threads, one in each at a time; the rest waits in order. */
export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const { maxSteps, timeoutMs, codes, spawn = spawnTraceWorker } = options
  const waiting: Task[] = []
  const slots = new Set<Slot>()
  let nextId = 1
  let closed = false

  function open(): void {
    const slot: Slot = {
      worker: spawn(),
      ready: false,
      task: undefined,
      timer: undefined,
      sent: new Map(),
      sentCodes: new Set(),
    }
    slots.add(slot)
    slot.worker.on('message', (response: WorkerResponse) => {
      if (response === 'ready') {
        slot.ready = true
        if (slot.task) limitTime(slot)
        return
      }
      const { job, outcome } = response
      if (slot.task?.id === job) release(slot)?.resolve(outcome)
      dispatch()
    })
    // An 'exit' follows.
    slot.worker.on('error', () => {})
    slot.worker.once('exit', () => takeDown(slot))
  }

  function takeDown(slot: Slot): void {
    slots.delete(slot)
    const task = release(slot)
    if (closed) return
    if (task && task.crashes === 0) waiting.unshift({ ...task, crashes: 1 })
    else task?.reject(new WorkerCrashedError())
    dispatch()
  }

  function busy(): number {
    return [...slots].filter(({ task }) => task).length
  }

  /** Takes the task off a worker. */
  function release(slot: Slot): Task | undefined {
    const { task } = slot
    clearTimeout(slot.timer)
    slot.task = undefined
    return task
  }

  function dispatch(): void {
    // A worker that ended is replaced when there is work: one that cannot start would end for ever.
    while (slots.size < options.workers && slots.size < busy() + waiting.length) open()
    for (const slot of slots) {
      if (slot.task) continue
      const task = waiting.shift()
      if (!task) return
      slot.task = task
      if (slot.ready) limitTime(slot)
      send(slot, task)
    }
  }

  /** A run that takes too long would do so again, so it is not repeated. */
  function limitTime(slot: Slot): void {
    slot.timer = setTimeout(() => {
      slots.delete(slot)
      release(slot)?.reject(new WorkerTimeoutError(timeoutMs))
      void slot.worker.terminate()
      dispatch()
    }, timeoutMs)
  }

  function send(slot: Slot, { id, state, call, rules, codes: needed }: Task): void {
    const { environment } = state
    if (!environment) throw new RangeError('the block of a job has no environment')
    if (slot.sentCodes.size > MAX_CODES || slot.sent.size > MAX_STATES) {
      slot.sentCodes.clear()
      slot.sent.clear()
      post(slot, { kind: 'reset' })
    }
    const entries = state.entries.slice(slot.sent.get(state.id) ?? 0)
    slot.sent.set(state.id, state.entries.length)
    const wanted = new Map(needed)
    for (const entry of entries) {
      const code = entry.kind === 'account' ? codes.get(entry.codeHash) : undefined
      if (entry.kind === 'account' && code) wanted.set(entry.codeHash, code)
    }
    const missing = [...wanted].filter(([codeHash]) => !slot.sentCodes.has(codeHash))
    for (const [codeHash] of missing) slot.sentCodes.add(codeHash)
    post(slot, {
      kind: 'trace',
      job: id,
      rules,
      maxSteps,
      call,
      block: environment,
      stateId: state.id,
      entries,
      codes: missing,
    })
  }

  for (let count = 0; count < options.workers; count++) open()

  return {
    run(job) {
      if (closed) return Promise.reject(new PoolClosedError())
      return new Promise((resolve, reject) => {
        waiting.push({ ...job, id: nextId++, crashes: 0, resolve, reject })
        dispatch()
      })
    },
    forget(state) {
      for (const slot of slots) {
        if (slot.sent.delete(state.id)) post(slot, { kind: 'forget', stateId: state.id })
      }
    },
    async close() {
      closed = true
      const pending = [...waiting.splice(0), ...[...slots].flatMap((slot) => release(slot) ?? [])]
      for (const { reject } of pending) reject(new PoolClosedError())
      await Promise.all([...slots].map(({ worker }) => worker.terminate()))
    },
  }
}

function post({ worker }: Slot, request: WorkerRequest): void {
  worker.postMessage(request)
}

function spawnTraceWorker(): Worker {
  return new Worker(new URL('./traceWorker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  })
}

/** A run ended its worker, and the worker of its repetition too. */
export class WorkerCrashedError extends Error {
  override name = 'WorkerCrashedError'

  constructor() {
    super('the trace ended its worker twice')
  }
}

/** A run took too long. */
export class WorkerTimeoutError extends Error {
  override name = 'WorkerTimeoutError'

  constructor(timeoutMs: number) {
    super(`the trace took more than ${timeoutMs} ms`)
  }
}

/** The pool takes no more jobs. */
export class PoolClosedError extends Error {
  override name = 'PoolClosedError'

  constructor() {
    super('the trace source is closed')
  }
}
