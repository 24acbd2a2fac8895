import type { BatchAnswer, ChainReader, RpcRequest } from '../../../../chain/reader.ts'
import { ChainError } from '../../../../chain/reader.ts'

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

/**
 * Sends what is asked for in one turn of the event loop as one batch; equal requests are sent once. All
 * of them only read.
 */
export function createRequestBatcher(
  reader: Pick<ChainReader, 'request' | 'requestBatch'>,
): RequestBatcher {
  let waiting = new Map<string, Waiting>()
  let underWay = 0
  let scheduled = false

  function schedule(): void {
    if (scheduled || underWay >= MAX_UNDER_WAY || waiting.size === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      const batch = [...waiting.values()].slice(0, MAX_BATCH)
      waiting = new Map([...waiting].slice(MAX_BATCH))
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
          if (answer?.ok) resolve(answer.result)
          else reject(answer?.error)
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

async function requestTogether(
  reader: Pick<ChainReader, 'request' | 'requestBatch'>,
  batch: readonly RpcRequest[],
): Promise<BatchAnswer[]> {
  const requests = batch.map(({ method, params }) => ({ method, params }))
  if (reader.requestBatch && requests.length > 1) return reader.requestBatch(requests)
  return Promise.all(
    requests.map(async ({ method, params }): Promise<BatchAnswer> => {
      try {
        return { ok: true, result: await reader.request(method, params) }
      } catch (error) {
        if (error instanceof ChainError) return { ok: false, error }
        throw error
      }
    }),
  )
}
