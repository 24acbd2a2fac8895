import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { oneCall } from '../encodeCall.ts'
import { defineWrite, toSync } from '../write.ts'
import { parseSessionSettled, type SessionSettledEvent } from './sessionSettled.ts'
import { matchVoucher, type Voucher } from './voucher.ts'

export type SettleSessionParameters = {
  sessionId: bigint
  /** The last voucher; without one, what is proven on chain is paid. */
  voucher?: Voucher | undefined
}

/**
 * Settles a session at once, with its last voucher. The host only.
 * @throws {VoucherMismatchError} When the voucher is for another session.
 * @example
 * await settleSession(client, { sessionId, voucher })
 */
export const settleSession = defineWrite<SettleSessionParameters, SessionSettledEvent>({
  contract: 'marketplace',
  eventName: 'SessionSettled',
  prepare({ contracts }, { sessionId, voucher }) {
    if (!voucher) return oneCall(contracts.marketplace, marketplace.settleSession, [sessionId])
    const { cumulativeTokens, transcriptHash, signature } = matchVoucher(voucher, { sessionId })
    return oneCall(contracts.marketplace, marketplace.settleSessionWithVoucher, [
      sessionId,
      cumulativeTokens,
      transcriptHash,
      signature,
    ])
  },
  parse: parseSessionSettled,
})

/** {@link settleSession} that waits until it is on chain. */
export const settleSessionSync = toSync(settleSession)
