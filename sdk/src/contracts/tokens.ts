import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type Address, isAddressEqual, zeroAddress } from 'viem'
import { type Token, tokenDecimals } from '../units/amounts.ts'

/** Tokens that every chain of the marketplace has, by name. */
export const namedTokens: readonly Token[] = ['eth', 'usdc', 'fab']

/** Address of a token as the contracts want it: `address(0)` is ETH. */
export function tokenAddress(contracts: AddressBook, token: Token): Address {
  if (token === 'eth') return zeroAddress
  if (token === 'fab' || token === 'usdc') return contracts[token]
  return token
}

/** Symbol of a named token, else the address itself. */
export function tokenName(contracts: AddressBook, address: Address): Token {
  if (isAddressEqual(address, zeroAddress)) return 'eth'
  if (isAddressEqual(address, contracts.fab)) return 'fab'
  if (isAddressEqual(address, contracts.usdc)) return 'usdc'
  return address
}

/** Decimals of a named token; `undefined` for any other one. */
export function knownDecimals(token: Token): number | undefined {
  return token === 'eth' || token === 'fab' || token === 'usdc' ? tokenDecimals[token] : undefined
}
