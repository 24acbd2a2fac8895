import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import type { Address, Hex } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'

/** What the accounts of this package have beside viem's smart account. */
export type FabstirAccountExtension = {
  contracts: AddressBook
  deployment: EntryPointDeployment
  factory: Address
  factoryData: Hex
  /** How many operations may be under way side by side. */
  nonceLanes: number
  /** 192-bit nonce key of a lane, from 0. */
  nonceKey: (lane: number) => bigint
}

/**
 * Makes lane 0 the default of `getNonce`. viem would take the time of day as key: a new lane, with its
 * first-use gas, for every operation.
 */
export function withNonceLanes<account extends SmartAccount & FabstirAccountExtension>(
  account: account,
): account {
  const getNonce: SmartAccount['getNonce'] = account.getNonce
  return Object.assign(account, {
    getNonce: (parameters?: { key?: bigint | undefined }) =>
      getNonce.call(account, { key: parameters?.key ?? account.nonceKey(0) }),
  })
}
