import type { UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { numberToHex } from 'viem'
import type { JsonValue } from '../policy/canonicalJson.ts'
import { SponsorshipRefusedError } from '../sponsorship/errors.ts'
import type { Outbox } from '../webhooks/outbox.ts'

/** Whose operation it is, and who would pay for it. */
export type AnnouncedRequest = {
  op: UserOperation
  entryPoint: { address: Address }
  paymaster: Address
}

/** What events tell of an operation. */
export function operationData({ op, entryPoint, paymaster }: AnnouncedRequest) {
  return {
    entryPoint: entryPoint.address,
    paymaster,
    sender: op.sender,
    nonce: numberToHex(op.nonce),
  }
}

/** Asks, and tells webhooks when the answer is a refusal. Whatever it throws is thrown on. */
export async function orTellRefusal<result>(
  { announce }: Pick<Outbox, 'announce'>,
  event: { app: string | null; at: () => number; data: { [key: string]: JsonValue } },
  ask: () => Promise<result>,
): Promise<result> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof SponsorshipRefusedError) {
      const refusals = error.refusals.map(({ rule, message, policyId }) => ({
        rule,
        message,
        policyId: policyId ?? null,
      }))
      const { app, at, data } = event
      await announce({
        type: 'sponsorship.refused',
        app,
        at: at(),
        data: { ...data, refusals },
      })
    }
    throw error
  }
}
