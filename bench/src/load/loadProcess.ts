/** Sends the requests of one order at a time, in a process of its own: what it costs is not the measured service's. */
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { createAnswerLog } from './answerLog.ts'
import type { LoadMessage, LoadOrder, LoadResult } from './loadMessages.ts'
import { post } from './post.ts'

const progressMs = 1_000

/** Requests in an order from which on its way here leaves much behind in both processes, which is collected first. */
const longOrder = 10_000
const settleMs = 2_000

process.on('message', async (order: LoadOrder) => {
  tell({ kind: 'done', result: await send(order) })
})
process.once('disconnect', () => process.exit())

/** Connections of the last order: its successor to the same service, after a warm-up for example, has them open. */
let last: { origin: string; pool: Pool } | undefined

async function poolFor(origin: string, connections: number): Promise<Pool> {
  if (last?.origin === origin) return last.pool
  await last?.pool.close()
  last = { origin, pool: new Pool(origin, { connections }) }
  return last.pool
}

async function send({ url, headers, bodies, concurrency }: LoadOrder): Promise<LoadResult> {
  const pool = await poolFor(new URL(url).origin, concurrency)
  const latenciesMs = new Float64Array(bodies.length)
  const answers = createAnswerLog(bodies.length)
  const request = {
    path: new URL(url).pathname,
    headers: { 'content-type': 'application/json', ...headers },
  }
  let next = 0
  let answered = 0
  const lane = async () => {
    for (let index = next++; index < bodies.length; index = next++) {
      const started = performance.now()
      answers.keep(index, await post(pool, { ...request, body: bodies[index] ?? '' }))
      latenciesMs[index] = performance.now() - started
      answered++
    }
  }
  if (bodies.length >= longOrder) {
    globalThis.gc?.()
    await wait(settleMs)
  }
  const progress = setInterval(() => tell({ kind: 'progress', answered }), progressMs)
  const cpuBefore = process.cpuUsage()
  const started = performance.now()
  try {
    await Promise.all(Array.from({ length: concurrency }, lane))
  } finally {
    clearInterval(progress)
  }
  const seconds = (performance.now() - started) / 1_000
  const { user, system } = process.cpuUsage(cpuBefore)
  return { seconds, latenciesMs, ...read(answers.texts()), cpuSeconds: (user + system) / 1e6 }
}

/** After the clock has stopped. */
function read(texts: readonly string[]): Pick<LoadResult, 'results' | 'errors'> {
  const errors = new Map<string, number>()
  const results = texts.map((text) => {
    const { result, error } = parse(text)
    if (result !== undefined && result !== null) return result
    const reason = JSON.stringify(error ?? text).slice(0, 200)
    errors.set(reason, (errors.get(reason) ?? 0) + 1)
    return undefined
  })
  return { results, errors }
}

function parse(text: string): { result?: unknown; error?: unknown } {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

function tell(message: LoadMessage): void {
  process.send?.(message)
}
