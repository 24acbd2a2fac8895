import { BoundedMap } from '@fabstir/service/collections'
import type { Address, Hex } from 'viem'
import { zeroHash } from 'viem'
import type { AccountState } from '../../chain/accountProbe.ts'

export type Code = {
  /** All zero without code. */
  codeHash: Hex
  /** An EIP-7702 delegation, which its owner can replace at any time. */
  isDelegation: boolean
}

/** Code that cannot change, by address in lower case. */
export type CodeCache = {
  get(address: Address): Code | undefined
  /** Returns what is known now, and remembers it where it is final. */
  learn(address: Address, state: AccountState): Code
}

/** Contracts remembered at most: some 20 MB. One that was forgotten is read once more. */
const MAX_CONTRACTS = 100_000

/**
 * [EIP-6780] Since Cancun a deployed contract keeps its code for ever; only an EIP-7702 delegation changes.
 * @param isFinal Whether the chain has EIP-6780; without it nothing is remembered.
 */
export function createCodeCache(isFinal: boolean, maxContracts = MAX_CONTRACTS): CodeCache {
  const known = new BoundedMap<Address, Code>(maxContracts)
  return {
    get: (address) => known.get(address),
    learn(address, { codeHash, codeSize, delegate }) {
      const code = { codeHash: codeSize === 0 ? zeroHash : codeHash, isDelegation: !!delegate }
      if (!isFinal || codeSize === 0 || delegate) return code
      known.set(address, code)
      return code
    },
  }
}
