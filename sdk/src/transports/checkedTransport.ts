import type { EIP1193RequestFn, Transport } from 'viem'
import { MalformedAnswerError, type Service } from '../errors/transport.ts'
import type { ReadAnswer } from './answers.ts'

/**
 * A transport that passes on only answers that make sense.
 * @param answers What is read of the answers, by method; those of other methods pass.
 */
export function checkedTransport(
  transport: Transport,
  { service, answers }: { service: Service; answers: Readonly<Record<string, ReadAnswer>> },
): Transport {
  return (parameters) => {
    const checked = transport(parameters)
    const request = async (
      call: { method: string; params?: unknown },
      options: Parameters<EIP1193RequestFn>[1],
    ) => {
      const answer: unknown = await checked.request(call as never, options)
      const { method, params } = call
      const read = Object.hasOwn(answers, method) ? answers[method] : undefined
      if (!read) return answer
      const used = read(answer, Array.isArray(params) ? params : [])
      if (used === undefined) throw new MalformedAnswerError({ service, method })
      return used
    }
    return { ...checked, request: request as EIP1193RequestFn }
  }
}
