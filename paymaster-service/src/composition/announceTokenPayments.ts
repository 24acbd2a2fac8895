import type { TokenPayments, TokenRequest } from '../tokens/tokenPayments.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { operationData, orTellRefusal } from './announceRefusal.ts'

/** Payments in tokens that tell webhooks what they refused. What the sender pays by itself is nobody's budget. */
export function announceTokenPayments(
  payments: TokenPayments,
  outbox: Pick<Outbox, 'announce'>,
  clock: () => number,
): TokenPayments {
  const ask = <result>(
    request: TokenRequest,
    stage: 'stub' | 'final',
    answer: () => Promise<result>,
  ) =>
    orTellRefusal(
      outbox,
      {
        app: request.app,
        at: clock,
        data: { ...operationData(request), token: request.token, stage },
      },
      answer,
    )

  return {
    quotes: payments.quotes,
    stub: (request) => ask(request, 'stub', () => payments.stub(request)),
    data: (request) => ask(request, 'final', () => payments.data(request)),
  }
}
