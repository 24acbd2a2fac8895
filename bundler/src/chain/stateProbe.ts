import type { Address, Hex } from 'viem'
import { getContractAddress, slice } from 'viem'
import type { AccountState } from './accountProbe.ts'
import { AccountProbeError, accountProbeCall, decodeAccountProbe } from './accountProbe.ts'
import type { CallParameters, CallResult } from './reader.ts'
import type { SlotQuery } from './slotProbe.ts'
import { decodeSlotProbe, nonceQuery, slotProbeCall } from './slotProbe.ts'

/** State that is to be read in one go; addresses in lower case. */
export type StateQuery = {
  slots: readonly { address: Address; slot: Hex }[]
  /** Code hash, balance and delegation. */
  accounts: readonly Address[]
  /** Accounts without code, or with a delegation. */
  nonces: readonly Address[]
}

/** What the chain holds now. */
export type CurrentState = {
  /** By `address:slot`. */
  slots: ReadonlyMap<string, Hex>
  accounts: ReadonlyMap<Address, AccountState>
  /** Whether the next nonce of an account that was asked for is this one. */
  hasNonce(address: Address, nonce: number): boolean
}

/** At most two calls for any amount of state, to be sent in one body, and how to read their answers. */
export function stateProbe(query: StateQuery): {
  calls: CallParameters[]
  /** @throws AccountProbeError when the node answered with anything else. */
  decode(results: readonly CallResult[]): CurrentState
} {
  const asked = new Map<Address, Set<Hex>>()
  const ask = (address: Address, slot: Hex) => {
    asked.set(address, (asked.get(address) ?? new Set()).add(slot))
  }
  for (const { address, slot } of query.slots) ask(address, slot)
  for (const address of query.nonces) ask(address, nonceQuery)
  const queries: SlotQuery[] = [...asked].map(([address, slots]) => ({
    address,
    slots: [...slots],
  }))
  const accounts = [...new Set(query.accounts)]
  return {
    calls: [
      ...(queries.length > 0 ? [slotProbeCall(queries)] : []),
      ...(accounts.length > 0 ? [accountProbeCall(accounts)] : []),
    ],
    decode(results) {
      const words = results.map((result) => {
        if (!result.ok) throw new AccountProbeError()
        return result.data
      })
      const slots = slotValues(queries, queries.length > 0 ? words.shift() : '0x')
      const states = decodeAccountProbe(accounts, words.shift() ?? '0x')
      return {
        slots,
        accounts: new Map(
          accounts.flatMap((address, index) => {
            const state = states[index]
            return state ? [[address, state] as const] : []
          }),
        ),
        hasNonce(address, nonce) {
          const word = slots.get(`${address}:${nonceQuery}`)
          if (word === undefined) return false
          const next = getContractAddress({ from: address, nonce: BigInt(nonce) })
          return slice(word, 12) === next.toLowerCase()
        },
      }
    },
  }
}

function slotValues(queries: readonly SlotQuery[], words: Hex = '0x'): Map<string, Hex> {
  const values = decodeSlotProbe(queries, words)
  return new Map(
    queries.flatMap(({ address, slots }, index) =>
      slots.map((slot, place) => [`${address}:${slot}`, values[index]?.[place] ?? '0x'] as const),
    ),
  )
}
