import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { Address, Hex, TypedDataDefinition } from 'viem'
import { supports, type VoteSupport } from './vote.ts'

/** A vote that anyone may hand in. */
export type SignedVote = {
  proposalId: bigint
  voter: Address
  support: VoteSupport
  /** Of the voter's key, or by ERC-1271 of a voter that is a contract. */
  signature: Hex
}

const types = {
  Ballot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'support', type: 'uint8' },
    { name: 'voter', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const

/** EIP-712 message of a vote, as the governor checks it. */
export function voteTypedData(
  { chainId, governor: verifyingContract }: Pick<AddressBook, 'chainId' | 'governor'>,
  { nonce, support, ...vote }: Omit<SignedVote, 'signature'> & { nonce: bigint },
): TypedDataDefinition<typeof types, 'Ballot'> {
  return {
    domain: { name: 'FabstirGovernor', version: '1', chainId, verifyingContract },
    types,
    primaryType: 'Ballot',
    message: { ...vote, support: supports.indexOf(support), nonce },
  }
}
