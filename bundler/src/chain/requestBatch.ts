import { callOver } from './callOver.ts'
import type { CallParameters, CallResult, ChainReader, JsonRpcRequest } from './reader.ts'
import { ChainError } from './reader.ts'

/**
 * A reader whose requests of one turn of the event loop leave in one HTTP body: what an operation needs of
 * the node costs one round trip. Requests of later turns leave in bodies of their own.
 */
export function createRequestBatch(
  reader: Pick<ChainReader, 'batch'>,
): Pick<ChainReader, 'call' | 'request'> {
  type Waiting = {
    request: JsonRpcRequest
    resolve: (result: unknown) => void
    reject: (error: unknown) => void
  }
  let waiting: Waiting[] = []

  async function flush() {
    const sent = waiting
    waiting = []
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
    return new Promise((resolve, reject) => {
      waiting.push({ request: { method, params }, resolve, reject })
      if (waiting.length === 1) queueMicrotask(flush)
    })
  }
  return {
    request,
    call: (parameters: CallParameters): Promise<CallResult> => callOver(request, parameters),
  }
}
