import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'

/** Header with the signature of a delivery: `t=<Unix seconds>,v1=<hex HMAC-SHA256>`. */
export const signatureHeader = 'fabstir-signature'

/** Seconds by which the clocks of sender and receiver may differ. */
const tolerance = 300

/** Signs `<t>.<body>` with HMAC-SHA256: a body cannot be sent again later under another time. */
export function signWebhook(secret: string, at: number, body: string): string {
  return `t=${at},v1=${hmac(secret, at, body)}`
}

/**
 * What a receiver does: whether `header` signs `body` and is not old.
 * @param now Unix seconds.
 */
export function verifyWebhook(
  secret: string,
  { header, body, now }: { header: string; body: string; now: number },
): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(header)
  if (!match?.[1] || !match[2]) return false
  const at = Number(match[1])
  const given = Buffer.from(match[2], 'hex')
  const expected = Buffer.from(hmac(secret, at, body), 'hex')
  return timingSafeEqual(given, expected) && Math.abs(now - at) <= tolerance
}

/**
 * The secret of a webhook: derived, so that no store and no backup holds it.
 * @param webhookKey The service's own secret.
 */
export function webhookSecret(webhookKey: string, webhookId: string): string {
  const key = hkdfSync('sha256', webhookKey, 'fabstir-paymaster', `webhook/${webhookId}`, 32)
  return `whsec_${Buffer.from(key).toString('base64url')}`
}

function hmac(secret: string, at: number, body: string): string {
  return createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
}
