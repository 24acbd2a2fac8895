import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Address, encodeFunctionData, zeroHash } from 'viem'
import { tokenAddress } from '../../contracts/tokens.ts'
import { TokenMismatchError } from '../../errors/amount.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { type Duration, toSeconds } from '../../units/duration.ts'
import { decodeEvent } from '../decodeEvent.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type OpenSessionParameters = {
  host: Address
  /** What the session may cost at most, in ETH or an accepted token. The rest comes back. */
  deposit: TokenAmount
  /** Price of 1,000 inference tokens, in the token of the deposit. */
  pricePer1000: TokenAmount
  /** Key that co-signs checkpoints, typically the app's session key. */
  coSigner: Address
  /** Inference tokens between intermediate checkpoints, 100 to 1,000,000. */
  checkpointInterval: bigint
  /** 10 minutes to 365 days; '24h' by default. */
  maxDuration?: Duration | undefined
}

export type OpenSessionEvent = {
  sessionId: bigint
  renter: Address
  host: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  deposit: bigint
  /** Seconds. */
  maxDuration: bigint
}

/**
 * Approves the deposit and opens a session with a host: one operation.
 * @throws {TokenMismatchError} When price and deposit are in different tokens.
 * @throws {InsufficientBalanceError} When the account holds less than the deposit.
 * @example
 * await openSession(client, {
 *   host, deposit: usdc(5), pricePer1000: usdc('0.0002'), checkpointInterval: 500n, coSigner: appKey.address,
 * })
 */
export const openSession = defineWrite<OpenSessionParameters, OpenSessionEvent>({
  eventName: 'SessionJobCreated',
  prepare({ contracts }, parameters) {
    const { host, deposit, pricePer1000, coSigner, checkpointInterval } = parameters
    if (deposit.token !== pricePer1000.token)
      throw new TokenMismatchError({
        field: 'pricePer1000',
        token: pricePer1000.token,
        expected: deposit.token,
      })
    const token = tokenAddress(contracts, deposit.token)
    const data = encodeFunctionData({
      abi: jobMarketplaceAbi,
      functionName: 'createSession',
      args: [
        {
          host,
          token,
          deposit: deposit.value,
          pricePer1000: pricePer1000.value,
          maxDuration: BigInt(toSeconds(parameters.maxDuration ?? '24h')),
          proofInterval: checkpointInterval,
          coSigner,
          // Any model, and co-signed vouchers only: the mode that trusts nobody.
          model: zeroHash,
          proofMode: 0,
        },
      ],
    })
    return withPull({ to: contracts.marketplace, data }, token, deposit.value)
  },
  parse(log) {
    const args = decodeEvent(log, jobMarketplaceAbi, 'SessionJobCreated')
    if (!args) return undefined
    const { jobId, user, host, token, deposit, maxDuration } = args
    return { sessionId: jobId, renter: user, host, token, deposit, maxDuration }
  },
})

/** {@link openSession} that waits until the session is open. */
export const openSessionSync = toSync(openSession)
