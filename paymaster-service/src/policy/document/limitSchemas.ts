import { z } from 'zod'
import { address, addresses, maxEntries, origin, requestRate, seconds, wei } from './primitives.ts'

const gas = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

const signer = z.union([z.literal('owner'), address])
const signers = z.array(signer).max(maxEntries)

/** Members of a document that bound requests, senders and gas. */
export const limitMembers = {
  /** Highest `maxFeePerGas` that is paid for. */
  maxFeePerGas: wei.optional(),
  /** Most gas that an operation may ask for. Gas before verification is charged whether used or not. */
  gasLimits: z
    .strictObject({
      callGasLimit: gas.optional(),
      verificationGasLimit: gas.optional(),
      preVerificationGas: gas.optional(),
    })
    .optional(),
  /** Largest part of its gas that an operation may ask for and not use. */
  unusedGas: z
    .strictObject({
      /** Percent of the limits, of one operation against its estimate and of a sender over time. */
      maxPercent: z.number().int().min(0).max(100),
      /** How long and from how many included operations on a sender's past counts. */
      remembered: z
        .strictObject({
          operations: z.number().int().min(1).max(1_000),
          seconds: z.number().int().min(60).max(2_678_400),
        })
        .optional(),
    })
    .optional(),
  /** Requests for sponsorship in a sliding window, of one sender and of one API key. */
  rate: z.strictObject({ user: requestRate.optional(), key: requestRate.optional() }).optional(),
  /** HTTP origins that may ask. Browsers tell the truth about it; others say what they like. */
  origins: z.array(origin).min(1).max(maxEntries).optional(),
  /** First and last second (Unix) in which the policy sponsors. */
  time: z.strictObject({ from: seconds.optional(), until: seconds.optional() }).optional(),
  senders: z
    .strictObject({
      /** When given, only these. */
      allow: addresses.optional(),
      deny: addresses.optional(),
    })
    .optional(),
  /** Keys that may sign, by the id in the nonce; `owner` is the account's owner. */
  sessionKeys: z
    .strictObject({
      /** When given, only these. */
      allow: signers.optional(),
      deny: signers.optional(),
    })
    .optional(),
  /** Asked last: only an answer of yes sponsors. Its secret is in the configuration. */
  willSponsor: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).refine(isSafeUrl, 'expected https, or http on loopback'),
      timeoutMs: z.number().int().min(50).max(10_000).optional(),
    })
    .optional(),
}

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The request says who does what with whose money. */
function isSafeUrl(value: string): boolean {
  const { protocol, hostname, username, password } = new URL(value)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || loopback.has(hostname)
}
