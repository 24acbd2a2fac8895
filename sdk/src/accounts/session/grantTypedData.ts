import type { Address, Hex, TypedDataDefinition, TypedDataParameter } from 'viem'
import type { SessionPolicy } from './sessionPolicy.ts'

/** EIP-712 types of a policy. */
export const sessionPolicyTypes = {
  SessionPolicy: struct(
    'address key, uint48 validAfter, uint48 validUntil, uint32 uses, CallPermission[] calls, TokenLimit[] limits, ArgumentPin[] pins, address[] payers, uint128 maxGasCost',
  ),
  CallPermission: struct('address target, bytes4 selector'),
  TokenLimit: struct('address token, uint128 perCall, uint128 total'),
  ArgumentPin: struct('address target, bytes4 selector, uint8 index, bytes32[] allowed'),
}

const types = {
  SessionGrant: struct('SessionPolicy policy, bytes32 salt, uint48 deadline, uint32 epoch'),
  ...sessionPolicyTypes,
}

/** Members of a struct, as Solidity declares them. */
function struct(members: string): TypedDataParameter[] {
  return members.split(', ').map((member) => {
    const [type = '', name = ''] = member.split(' ')
    return { name, type }
  })
}

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
}: GrantTypedDataParameters): TypedDataDefinition {
  return {
    domain: { name: 'FabstirAccount', version: '1', chainId, verifyingContract: account },
    types,
    primaryType: 'SessionGrant',
    message: { policy, salt, deadline, epoch },
  }
}
