import type { Address } from 'viem'
import { getAddress } from 'viem'
import { z } from 'zod'
import type { KeyHolder } from '../rpc/limits/apiKeys.ts'
import type { Rate } from '../rpc/limits/tokenBucket.ts'

const rateRule = 'must be requests a second, and at once behind a slash: 50 or 50/200'

/** `50` or `50/200`; a burst that is not given is one second's worth. */
export const rate = z
  .union([z.number().int(rateRule).positive(rateRule).transform(String), z.string()], {
    error: rateRule,
  })
  .transform((text, context): Rate => {
    const [, perSecond, burst = perSecond] =
      /^([1-9]\d{0,8})(?:\/([1-9]\d{0,8}))?$/.exec(text) ?? []
    if (perSecond !== undefined) return { perSecond: Number(perSecond), burst: Number(burst) }
    context.addIssue({ code: 'custom', message: rateRule })
    return z.NEVER
  })

export type ApiKeyOption = KeyHolder & { key: string }

const keyRule =
  'must be NAME:KEY, NAME:KEY:RATE or NAME:KEY:RATE:boost; names have letters, digits, - and _, keys at least 16 of them, rates are 50 or 50/200, 0 for none'

/** `NAME:KEY[:RATE[:boost]]`. The rule must not show the value: it is a secret. */
export const apiKey = z.string(keyRule).transform((text, context): ApiKeyOption => {
  const parts = /^([\w-]{1,64}):([\w-]{16,256})(?::([\d/]+))?(:boost)?$/.exec(text)
  const [, name, key, limit = '0', boost] = parts ?? []
  const parsed = limit === '0' ? undefined : rate.safeParse(limit)
  if (name !== undefined && key !== undefined && parsed?.success !== false) {
    return { name, key, boost: boost !== undefined, ...(parsed && { rate: parsed.data }) }
  }
  context.addIssue({ code: 'custom', message: keyRule })
  return z.NEVER
})

export const senderAddress = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be addresses')
  .transform((value): Address => getAddress(value))
