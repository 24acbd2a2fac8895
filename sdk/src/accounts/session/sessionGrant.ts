import type { Address, Hex } from 'viem'
import type { SessionPolicy } from './sessionPolicy.ts'

/**
 * What an owner hands to an app: JSON, safe to store and to send, useless without the session key itself.
 * Amounts are decimal text in the token's smallest unit.
 */
export type SessionGrant = {
  version: 1
  chainId: number
  account: Address
  entryPoint: Address
  /** Deploys the account when the key is used before its owner did anything; '0x7702' for an EIP-7702 account. */
  factory: Address
  factoryData: Hex
  /** Delegates an EIP-7702 account when the key is used before its owner did anything. */
  authorization?: SignedDelegation | undefined
  policy: Omit<SessionPolicy, 'limits' | 'maxGasCost'> & {
    limits: readonly { token: Address; perCall: string; total: string }[]
    maxGasCost: string
  }
  /** The owner's signature that installs the grant with its first use; absent when an operation installed it. */
  enable?: SessionGrantSignature | undefined
  /** Epoch of the account in which an operation installed it. A key of an earlier epoch is dead. */
  epoch?: number | undefined
}

/** The owner's EIP-7702 authorization. It is void once the owner's EOA has sent a transaction. */
export type SignedDelegation = {
  chainId: number
  /** The code of the account. */
  address: Address
  /** Transactions that the EOA has sent before. */
  nonce: number
  r: Hex
  s: Hex
  yParity: number
}

export type SessionGrantSignature = {
  /** Consumed by the first use or by `cancelGrant`, whichever comes first. */
  salt: Hex
  /** Unix seconds; installing later is refused. */
  deadline: number
  /** Epoch of the account in which the grant can be installed. */
  epoch: number
  /** Owner's signature over the EIP-712 `SessionGrant`, with its key type prefix. */
  ownerSignature: Hex
}

/** The policy of a grant as JSON. */
export function toGrantPolicy({
  limits,
  maxGasCost,
  ...policy
}: SessionPolicy): SessionGrant['policy'] {
  return {
    ...policy,
    limits: limits.map(({ token, perCall, total }) => ({
      token,
      perCall: perCall.toString(),
      total: total.toString(),
    })),
    maxGasCost: maxGasCost.toString(),
  }
}

/** The policy of a grant as the contract takes it. */
export function fromGrantPolicy({
  limits,
  maxGasCost,
  ...policy
}: SessionGrant['policy']): SessionPolicy {
  return {
    ...policy,
    limits: limits.map(({ token, perCall, total }) => ({
      token,
      perCall: BigInt(perCall),
      total: BigInt(total),
    })),
    maxGasCost: BigInt(maxGasCost),
  }
}
