import type { ChainReader } from '../../../../chain/reader.ts'
import { ChainError } from '../../../../chain/reader.ts'

type RpcRequest = { method: string; params: unknown[] }

/** A reader that may know how to send several requests in one HTTP body. */
export type BatchingReader = Pick<ChainReader, 'request'> & {
  /** A result, or a ChainError, for each request in order. */
  batch?(requests: readonly RpcRequest[]): Promise<unknown[]>
}

export type RequestBatcher = {
  /**
   * The result of one request.
   * @throws ChainError, and what the reader throws when the node is unreachable.
   */
  request(method: string, params: unknown[]): Promise<unknown>
}

type Waiting = RpcRequest & {
  answers: { resolve(result: unknown): void; reject(error: unknown): void }[]
}

/** Round trips at one time: with more under way, requests gather until one of them returns. */
const MAX_UNDER_WAY = 2
/** Requests in one round trip; providers refuse longer batches. */
const MAX_BATCH = 100
/** Characters of one round trip, unless a single request has more: anvil takes bodies of 2 MB. */
const MAX_BATCH_LENGTH = 1_000_000

/**
 * Sends what is asked for in one turn of the event loop as one batch; equal requests are sent once. All
 * of them only read.
 */
export function createRequestBatcher(reader: BatchingReader): RequestBatcher {
  const waiting = new Map<string, Waiting>()
  let underWay = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || underWay >= MAX_UNDER_WAY || waiting.size === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const batch = takeBatch(waiting)
      underWay += 1
      void send(batch).finally(() => {
        underWay -= 1
        schedule()
      })
      schedule()
    })
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await requestTogether(reader, batch)
      batch.forEach((request, index) => {
        const answer = answers[index]
        for (const { resolve, reject } of request.answers) {
          if (answer instanceof ChainError) reject(answer)
          else resolve(answer)
        }
      })
    } catch (error) {
      for (const { answers } of batch) for (const { reject } of answers) reject(error)
    }
  }

  return {
    request(method, params) {
      return new Promise((resolve, reject) => {
        const key = JSON.stringify([method, params])
        const request = waiting.get(key) ?? { method, params, answers: [] }
        request.answers.push({ resolve, reject })
        waiting.set(key, request)
        schedule()
      })
    },
  }
}

/** The first that fit into one body. */
function takeBatch(waiting: Map<string, Waiting>): Waiting[] {
  const batch: Waiting[] = []
  let length = 0
  for (const [key, request] of waiting) {
    length += key.length
    if (batch.length === MAX_BATCH || (batch.length > 0 && length > MAX_BATCH_LENGTH)) break
    batch.push(request)
    waiting.delete(key)
  }
  return batch
}

async function requestTogether(
  reader: BatchingReader,
  batch: readonly RpcRequest[],
): Promise<unknown[]> {
  const requests = batch.map(({ method, params }) => ({ method, params }))
  if (reader.batch && requests.length > 1) return reader.batch(requests)
  return Promise.all(
    requests.map(({ method, params }) =>
      reader.request(method, params).catch((error: unknown) => {
        if (error instanceof ChainError) return error
        throw error
      }),
    ),
  )
}
