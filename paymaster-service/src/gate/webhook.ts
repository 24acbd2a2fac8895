import type { Policy } from '../policy/policy.ts'
import type { Refusal } from '../policy/refusal.ts'
import { refuse } from '../policy/refusal.ts'
import type { Question } from '../policy/willSponsor/question.ts'
import { questionBody } from '../policy/willSponsor/question.ts'
import { readVerdict } from '../policy/willSponsor/verdict.ts'
import type { Exchange } from '../webhooks/post.ts'
import { signatureHeader, signWebhook } from '../webhooks/webhookSignature.ts'

/** Milliseconds for the whole exchange, where the document names no other. */
const defaultTimeoutMs = 2_000
/** Bytes of an answer. */
const maxAnswer = 16_384
/** Questions of one policy that wait at the same time: more would only wait longer. */
const maxWaiting = 256

export type WebhookParameters = {
  /** Secret of a policy's webhook; `undefined` where none is configured. */
  secretOf: (policyId: string) => string | undefined
  /** Goes where webhooks may lead, and nowhere else. */
  exchange: Exchange
  /** Unix seconds. */
  clock: () => number
}

/** Asks the webhook of a policy that has one. Whatever goes wrong is a refusal. */
export type Webhook = (
  policy: Policy,
  question: () => Omit<Question, 'policy'>,
) => Promise<Refusal | undefined>

/** Rules `will-sponsor.*`, over HTTP. Redirects are not followed. */
export function createWebhook({ secretOf, exchange, clock }: WebhookParameters): Webhook {
  const waiting = new Map<string, number>()

  return async (policy, question) => {
    const { willSponsor } = policy.document
    if (!willSponsor) return undefined
    const secret = secretOf(policy.id)
    if (secret === undefined)
      return refuse('will-sponsor.no-secret', `no secret is configured for policy ${policy.id}`)
    const before = waiting.get(policy.id) ?? 0
    if (before >= maxWaiting)
      return refuse('will-sponsor.unavailable', `${before} questions to the webhook wait already`)
    waiting.set(policy.id, before + 1)
    try {
      const body = questionBody({ ...question(), policy })
      return readVerdict(await ask(exchange, willSponsor, secret, clock(), body))
    } catch {
      // The error would say where the webhook is.
      return refuse('will-sponsor.unavailable', 'the webhook gave no answer in time')
    } finally {
      const after = (waiting.get(policy.id) ?? 1) - 1
      if (after > 0) waiting.set(policy.id, after)
      else waiting.delete(policy.id)
    }
  }
}

async function ask(
  exchange: Exchange,
  { url, timeoutMs = defaultTimeoutMs }: { url: string; timeoutMs?: number | undefined },
  secret: string,
  timestamp: number,
  body: string,
): Promise<{ status: number; body: string }> {
  const response = await exchange({
    url,
    headers: {
      'content-type': 'application/json',
      [signatureHeader]: signWebhook(secret, timestamp, body),
    },
    body,
    // Of the answer's body as well.
    signal: AbortSignal.timeout(timeoutMs),
  })
  return { status: response.statusCode ?? 0, body: await readText(response) }
}

/** @throws RangeError for a body that is too long, which is not read to its end. */
async function readText(response: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response) {
    size += chunk.length
    if (size > maxAnswer) throw new RangeError(`the answer is longer than ${maxAnswer} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
