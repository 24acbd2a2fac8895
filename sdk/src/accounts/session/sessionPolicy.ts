import type { Address, Hex } from 'viem'

/** One function that a session key may call. */
export type CallPermission = { target: Address; selector: Hex }

/** What a session key may move of one token; `address(0)` is ETH. Amounts in the token's smallest unit. */
export type TokenLimit = { token: Address; perCall: bigint; total: bigint }

/** Fixes argument word `index` of a permitted call to a set of values. */
export type ArgumentPin = {
  target: Address
  selector: Hex
  index: number
  allowed: readonly Hex[]
}

/** `SessionPolicy` of the account contract: everything that a key may do. What is not listed is refused. */
export type SessionPolicy = {
  key: Address
  /** Unix seconds; 0 is at once. */
  validAfter: number
  /** Unix seconds. */
  validUntil: number
  /** Operations that the key may send. */
  uses: number
  calls: readonly CallPermission[]
  limits: readonly TokenLimit[]
  pins: readonly ArgumentPin[]
  /** Paymasters that may pay for the key's operations. */
  payers: readonly Address[]
  /** Wei that one operation may cost the account itself; 0: only `payers` pay. */
  maxGasCost: bigint
}

/** Components of the `SessionPolicy` struct, for ABI coding. */
export const sessionPolicyComponents = [
  { name: 'key', type: 'address' },
  { name: 'validAfter', type: 'uint48' },
  { name: 'validUntil', type: 'uint48' },
  { name: 'uses', type: 'uint32' },
  {
    name: 'calls',
    type: 'tuple[]',
    components: [
      { name: 'target', type: 'address' },
      { name: 'selector', type: 'bytes4' },
    ],
  },
  {
    name: 'limits',
    type: 'tuple[]',
    components: [
      { name: 'token', type: 'address' },
      { name: 'perCall', type: 'uint128' },
      { name: 'total', type: 'uint128' },
    ],
  },
  {
    name: 'pins',
    type: 'tuple[]',
    components: [
      { name: 'target', type: 'address' },
      { name: 'selector', type: 'bytes4' },
      { name: 'index', type: 'uint8' },
      { name: 'allowed', type: 'bytes32[]' },
    ],
  },
  { name: 'payers', type: 'address[]' },
  { name: 'maxGasCost', type: 'uint128' },
] as const
