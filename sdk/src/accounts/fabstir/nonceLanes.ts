import type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
import type { Address, Hex } from 'viem'

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
