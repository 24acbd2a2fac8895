import type { EIP1193RequestFn, Transport } from 'viem'
import { MalformedAnswerError, type Service } from '../errors/transport.ts'
import { within } from '../operations/within.ts'
import type { ReadAnswer } from './answers.ts'
import { blame } from './failures.ts'

/**
 * A transport that passes on only answers that make sense, in time, and that knows whose failures it passes on.
 * @param answers What is read of the answers, by method; those of other methods pass.
 * @param timeout Milliseconds for an answer, repetitions of the transport included. Transports of wallets and others
 * have no bound of their own.
 */
export function checkedTransport(
  transport: Transport,
  {
    service,
    answers,
    timeout,
  }: { service: Service; answers: Readonly<Record<string, ReadAnswer>>; timeout: number },
): Transport {
  return (parameters) => {
    const checked = transport(parameters)
    const request = async (
      call: { method: string; params?: unknown },
      options: Parameters<EIP1193RequestFn>[1],
    ) => {
      try {
        const answer: unknown = await within(timeout, checked.request(call as never, options))
        const { method, params } = call
        const read = Object.hasOwn(answers, method) ? answers[method] : undefined
        if (!read) return answer
        const used = read(answer, Array.isArray(params) ? params : [])
        if (used === undefined) throw new MalformedAnswerError({ service, method, answer })
        return used
      } catch (error) {
        blame(service, error)
        throw error
      }
    }
    return { ...checked, request: request as EIP1193RequestFn }
  }
}
