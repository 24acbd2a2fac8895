import type { Address, Hex, TypedDataDefinition } from 'viem'
import { accountDomain } from '../fabstir/accountDomain.ts'
import type { SessionPolicy } from './sessionPolicy.ts'

/** EIP-712 types of a policy. */
export const sessionPolicyTypes = {
  SessionPolicy: [
    { name: 'key', type: 'address' },
    { name: 'validAfter', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
    { name: 'uses', type: 'uint32' },
    { name: 'calls', type: 'CallPermission[]' },
    { name: 'limits', type: 'TokenLimit[]' },
    { name: 'pins', type: 'ArgumentPin[]' },
    { name: 'payers', type: 'address[]' },
    { name: 'maxGasCost', type: 'uint128' },
  ],
  CallPermission: [
    { name: 'target', type: 'address' },
    { name: 'selector', type: 'bytes4' },
  ],
  TokenLimit: [
    { name: 'token', type: 'address' },
    { name: 'perCall', type: 'uint128' },
    { name: 'total', type: 'uint128' },
  ],
  ArgumentPin: [
    { name: 'target', type: 'address' },
    { name: 'selector', type: 'bytes4' },
    { name: 'index', type: 'uint8' },
    { name: 'allowed', type: 'bytes32[]' },
  ],
} as const

const types = {
  SessionGrant: [
    { name: 'policy', type: 'SessionPolicy' },
    { name: 'salt', type: 'bytes32' },
    { name: 'deadline', type: 'uint48' },
    { name: 'epoch', type: 'uint32' },
  ],
  ...sessionPolicyTypes,
} as const

export type GrantTypedDataParameters = {
  chainId: number
  account: Address
  policy: SessionPolicy
  salt: Hex
  deadline: number
  epoch: number
}

/** EIP-712 message that the owner signs so that the key's first operation installs the grant. */
export function grantTypedData({
  chainId,
  account,
  policy,
  salt,
  deadline,
  epoch,
}: GrantTypedDataParameters): TypedDataDefinition<typeof types, 'SessionGrant'> {
  return {
    domain: { ...accountDomain, chainId, verifyingContract: account },
    types,
    primaryType: 'SessionGrant',
    message: { policy, salt, deadline, epoch },
  }
}
