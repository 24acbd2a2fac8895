import type { Address, Hex } from 'viem'
import type { StateOverride } from '../../../../chain/reader.ts'
import type { CodeHasher } from './codeHasher.ts'
import { zeroWord } from './stateKey.ts'
import type { StateView } from './stateView.ts'

type AccountOverride = StateOverride[Address]

/** State as the call with `override` sees it, as if an earlier transaction had made it so. */
export function createOverriddenState(
  base: StateView,
  override: StateOverride,
  hash: CodeHasher,
): StateView {
  const overrides = byAddress(override)
  const codes = new Map<Hex, Uint8Array>()
  const codeHashes = new Map<Address, Hex>()
  const slots = new Map<Address, Map<Hex, Hex>>()
  for (const [address, { code, state, stateDiff }] of overrides) {
    if (code !== undefined) {
      const hashed = hash(code)
      codes.set(hashed.codeHash, hashed.code)
      codeHashes.set(address, hashed.codeHash)
    }
    const words = Object.entries({ ...state, ...stateDiff }) as [Hex, Hex][]
    slots.set(address, new Map(words.map(([slot, value]) => [toWord(slot), toWord(value)])))
  }

  return {
    ...base,
    account(address) {
      const fields = overrides.get(address)
      if (!fields) return base.account(address)
      const codeHash = codeHashes.get(address)
      const { balance, nonce } = fields
      if (balance !== undefined && nonce !== undefined && codeHash !== undefined) {
        return { balance: BigInt(balance), nonce: BigInt(nonce), codeHash }
      }
      const account = base.account(address)
      return {
        balance: balance === undefined ? account.balance : BigInt(balance),
        nonce: nonce === undefined ? account.nonce : BigInt(nonce),
        codeHash: codeHash ?? account.codeHash,
      }
    },
    code: (address, codeHash) => codes.get(codeHash) ?? base.code(address, codeHash),
    slot(address, slot) {
      const value = slots.get(address)?.get(slot)
      if (value !== undefined) return value
      // `state` stands for the whole storage, `stateDiff` for single slots of it.
      return overrides.get(address)?.state ? zeroWord : base.slot(address, slot)
    },
  }
}

/** The fields that `override` sets, under addresses in lower case. */
export function byAddress(override: StateOverride): ReadonlyMap<Address, AccountOverride> {
  const entries = Object.entries(override) as [Address, AccountOverride][]
  return new Map(entries.map(([address, fields]) => [address.toLowerCase() as Address, fields]))
}

/** `value` as a 32-byte word in lower case. */
export function toWord(value: Hex): Hex {
  return `0x${value.slice(2).padStart(64, '0').toLowerCase()}`
}
