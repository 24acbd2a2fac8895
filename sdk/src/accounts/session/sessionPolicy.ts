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
