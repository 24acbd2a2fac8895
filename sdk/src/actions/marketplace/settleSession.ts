import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData } from 'viem'
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
  eventName: 'SessionSettled',
  prepare: ({ contracts }, { sessionId, voucher }) => ({
    calls: [{ to: contracts.marketplace, data: encodeSettlement(sessionId, voucher) }],
  }),
  parse: parseSessionSettled,
})

/** {@link settleSession} that waits until it is on chain. */
export const settleSessionSync = toSync(settleSession)

function encodeSettlement(sessionId: bigint, voucher: Voucher | undefined) {
  if (!voucher)
    return encodeFunctionData({
      abi: jobMarketplaceAbi,
      functionName: 'settleSession',
      args: [sessionId],
    })
  const { cumulativeTokens, transcriptHash, signature } = matchVoucher(voucher, { sessionId })
  return encodeFunctionData({
    abi: jobMarketplaceAbi,
    functionName: 'settleSessionWithVoucher',
    args: [sessionId, cumulativeTokens, transcriptHash, signature],
  })
}
