import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { Address } from 'viem'

/** A contract of the address book that exists once, by its name there. */
export type ContractName = {
  [name in keyof AddressBook]-?: AddressBook[name] extends Address ? name : never
}[keyof AddressBook]

/** Address of a contract that is named, or the address itself. */
export function resolveContract(contracts: AddressBook, contract: ContractName | Address): Address {
  return isContractName(contracts, contract) ? contracts[contract] : contract
}

function isContractName(
  contracts: AddressBook,
  contract: ContractName | Address,
): contract is ContractName {
  return Object.hasOwn(contracts, contract)
}
