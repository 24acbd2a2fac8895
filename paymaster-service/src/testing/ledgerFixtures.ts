import type { Hash } from 'viem'
import { getAddress, numberToHex } from 'viem'
import type { Advance, PolicyTerms, ReserveRequest } from '../ledger/ledger.ts'
import type { Cap, Caps } from '../policy/capsDocument.ts'

export const chainId = 1
export const paymaster = '0x9000000000000000000000000000000000000009'
export const alice = getAddress('0xa11ce00000000000000000000000000000000001')
export const bob = getAddress('0xb0b0000000000000000000000000000000000002')
/** 1970-01-12 13:46:40 UTC, a Monday. */
export const start = 1_000_000

export const hash = (value: number | bigint): Hash => numberToHex(value, { size: 32 })

export const cap = (limits: Partial<Cap>): Cap => ({
  window: 'never',
  wei: undefined,
  microUsd: undefined,
  count: undefined,
  ...limits,
})

/** A policy with a budget of 1,000 wei, spent once. */
export const terms = (caps: Partial<Caps> = {}, id = 'p'): PolicyTerms => ({
  id,
  onChainHash: `0x${'ab'.repeat(16)}`,
  caps: { global: [cap({ wei: 1_000n })], user: [], operation: undefined, ...caps },
})

/** 100 wei for alice's nonce 0. */
export const request = (overrides: Partial<ReserveRequest> & { id: Hash }): ReserveRequest => ({
  chainId,
  paymaster,
  sender: alice,
  nonce: 0n,
  policy: terms(),
  amount: 100n,
  price: { kind: 'stale', reason: 'there is none' },
  selectors: ['0x11111111'],
  window: { validAfter: start - 60, validUntil: start + 600 },
  now: start,
  keepUntil: start + 60,
  ...overrides,
})

export const signed = (
  { id, window, ...key }: ReserveRequest,
  signature: `0x${string}` = '0x51',
  userOpHash = hash(7),
) => ({ key, id, window, signature, userOpHashes: [userOpHash] })

export const block = (height: bigint) => ({
  number: height,
  hash: hash(height),
  timestamp: start,
})

export const changes = (
  overrides: Partial<Advance> & { height?: bigint },
): Omit<Advance, 'from'> => {
  const { height = 1n, ...rest } = overrides
  return {
    chainId,
    through: block(height),
    charges: [],
    consumed: [],
    expireBefore: 0,
    ...rest,
  }
}

/** 40 wei for alice's nonce 0, in block 1. */
export const charge = (
  overrides: Partial<Advance['charges'][number]> = {},
): Advance['charges'][number] => ({
  chainId,
  paymaster,
  sender: alice,
  nonce: 0n,
  userOpHash: hash(7),
  success: true,
  cost: 40n,
  transactionHash: hash(8),
  blockNumber: 1n,
  ...overrides,
})
