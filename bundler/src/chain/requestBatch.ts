import { callOver } from './callOver.ts'
import type { CallParameters, CallResult, ChainReader, JsonRpcRequest } from './reader.ts'
import { ChainError } from './reader.ts'

/**
 * A reader whose requests of one turn of the event loop leave in one HTTP body: what an operation needs of
 * the node costs one round trip. Equal ones are sent once: all of them only read. Requests of later turns leave
 * in bodies of their own.
 */
export function createRequestBatch(
  reader: Pick<ChainReader, 'batch'>,
): Pick<ChainReader, 'call' | 'request'> {
  type Waiting = PromiseWithResolvers<unknown> & { request: JsonRpcRequest }
  const waiting = new Map<string, Waiting>()

  async function flush() {
    const sent = [...waiting.values()]
    waiting.clear()
    try {
      const answers = await reader.batch(sent.map(({ request }) => request))
      for (const [index, { resolve, reject }] of sent.entries()) {
        const answer = answers[index]
        if (answer instanceof ChainError) reject(answer)
        else resolve(answer)
      }
    } catch (error) {
      for (const { reject } of sent) reject(error)
    }
  }

  function request(method: string, params: unknown[]): Promise<unknown> {
    const key = JSON.stringify([method, params])
    const equal = waiting.get(key)
    if (equal) return equal.promise
    const added = { request: { method, params }, ...Promise.withResolvers<unknown>() }
    waiting.set(key, added)
    if (waiting.size === 1) queueMicrotask(flush)
    return added.promise
  }
  return {
    request,
    call: (parameters: CallParameters): Promise<CallResult> => callOver(request, parameters),
  }
}
