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
  governor: address(0x9f0),
  parameterGuard: address(0x9f1),
  emergencyGuardian: address(0x9f2),
  votesAdapter: address(0x9f3),
  registry: address(0x4e6),
  marketplace: address(0x3a7),
  reputation: address(0x4e9),
  proofSystem: address(0x9f4),
  stakersPool: address(0x5a7),
  revenueSplitter: address(0x5a8),
  buyback: address(0x5a9),
  modelRegistry: address(0x30d),
  dynamicPricing: address(0x30e),
  subscriptions: address(0x30f),
  topUpVault: address(0x70b),
  deployments: [
    {
      entryPoint: entryPoint08Address,
      entryPointVersion: '0.8',
      accountFactory: address(0xfac8),
      accountImplementation: address(0x1398),
      sponsorPaymaster: address(0x9a8),
      tokenPaymaster: address(0x7a8),
    },
    {
      entryPoint: entryPoint09Address,
      entryPointVersion: '0.9',
      accountFactory: address(0xfac9),
      accountImplementation: address(0x1399),
      sponsorPaymaster: address(0x9a9),
      tokenPaymaster: address(0x7a9),
    },
  ],
}
