import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { type Address, encodeFunctionData } from 'viem'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { decodeEvent } from '../decodeEvent.ts'
import { defineWrite, toSync } from '../write.ts'

export type WithdrawParameters = {
  token: Token
  /** The account itself by default. A session key can pay out to the account only, and sponsors pay for no other. */
  to?: Address | undefined
}
export type WithdrawEvent = {
  account: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  amount: bigint
  to: Address
}

/**
 * Pays out everything that the marketplace owes the account in a token.
 * @example
 * await withdraw(client, { token: 'usdc' })
 */
export const withdraw = defineWrite<WithdrawParameters, WithdrawEvent>({
  eventName: 'Withdrawn',
  prepare({ contracts }, { token, to }) {
    const address = tokenAddress(contracts, token)
    const data = encodeFunctionData({
      abi: jobMarketplaceAbi,
      functionName: 'withdraw',
      args: to ? [address, to] : [address],
    })
    return { calls: [{ to: contracts.marketplace, data }] }
  },
  parse: (log) => decodeEvent(log, jobMarketplaceAbi, 'Withdrawn'),
})

/** {@link withdraw} that waits until it is paid. */
export const withdrawSync = toSync(withdraw)
