import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type Address, numberToHex } from 'viem'
import { entryPoint08Address, entryPoint09Address } from 'viem/account-abstraction'

const address = (name: number): Address => numberToHex(name, { size: 20 })

/** Address book for unit tests: made-up addresses that tell what they stand for. */
export const testContracts: AddressBook = {
  chainId: 31_337,
  fab: address(0xfab),
  usdc: address(0xc01),
  timelock: address(0x71e),
  registry: address(0x4e6),
  marketplace: address(0x3a7),
  deployments: [
    {
      entryPoint: entryPoint08Address,
      entryPointVersion: '0.8',
      accountFactory: address(0xfac8),
      accountImplementation: address(0x1398),
      sponsorPaymaster: address(0x9a8),
    },
    {
      entryPoint: entryPoint09Address,
      entryPointVersion: '0.9',
      accountFactory: address(0xfac9),
      accountImplementation: address(0x1399),
      sponsorPaymaster: address(0x9a9),
    },
  ],
}
