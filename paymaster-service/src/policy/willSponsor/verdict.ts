import { z } from 'zod'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'

/** Characters of a reason that are passed on. */
const maxReason = 200

const answer = z.object({ sponsor: z.boolean(), reason: z.string().optional() })

/**
 * Reads the webhook's answer: HTTP status 200 and `{"sponsor": true}` sponsors, everything else does not
 * (rules `will-sponsor.refused`, `will-sponsor.invalid` and `will-sponsor.unavailable`).
 */
export function readVerdict({
  status,
  body,
}: {
  status: number
  body: string
}): Refusal | undefined {
  if (status !== 200)
    return refuse('will-sponsor.unavailable', `the webhook answered with HTTP status ${status}`)
  const parsed = answer.safeParse(parseJson(body))
  if (!parsed.success)
    return refuse(
      'will-sponsor.invalid',
      'expected {"sponsor": true} or {"sponsor": false, "reason"}',
    )
  const { sponsor, reason } = parsed.data
  if (sponsor) return undefined
  return refuse('will-sponsor.refused', reason ? printable(reason) : 'the app does not sponsor it')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** It goes into messages and logs of others. */
function printable(reason: string): string {
  return reason.slice(0, maxReason).replaceAll(/\p{C}/gu, ' ')
}
