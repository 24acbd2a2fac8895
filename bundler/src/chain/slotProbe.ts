import type { Address, Hex } from 'viem'
import { concat, numberToHex, pad, size, slice } from 'viem'
import { AccountProbeError } from './accountProbe.ts'
import type { CallParameters } from './reader.ts'

export type SlotQuery = { address: Address; slots: readonly Hex[] }

/** An address that only has code in the call that reads. */
const probe: Address = '0x0000000000000000000000000000000000510bde'

/**
 * Stands for a slot and asks for the nonce: it is answered by the address of what the account would create
 * next, which is made of its nonce. The EVM has no other way to see one.
 */
export const nonceQuery: Hex = `0x${'f'.repeat(64)}`

/** In place of each contract: every word of the call data is a slot, and is answered by what it holds. */
const loaderCode: Hex = concat([
  '0x60005b', // i = 0; loop at 2:
  '0x8035', // slot = calldataload(i)
  '0x801915601c57', // jump to 0x1c if slot == nonceQuery
  '0x54', // value = sload(slot)
  '0x5b8152', // store at 0x0c: mstore(i, value)
  '0x602001', // i += 32
  '0x803611600257', // while calldatasize > i
  '0x366000f3', // return(0, calldatasize)
  '0x5b5060008080f0600c56', // 0x1c: value = create(0, 0, 0); jump to store
])

/**
 * p, m = 0; while p < calldatasize: address and length at p, slots behind them; call the address with the
 * slots and keep its answer at m.
 */
const probeCode: Hex = concat([
  '0x600060005b', // p, m = 0; loop at 4:
  '0x8160200135', // length
  '0x8083604001', // p + 64
  '0x8337', // calldatacopy(m, p + 64, length)
  '0x808282846000', // out size, out, in size, in, value 0
  '0x87355af150', // call(gas, address, …)
  '0x8091019101604001', // m += length, p += 64 + length
  '0x90', // back in order
  '0x813611600457', // while calldatasize > p
  '0x6000f3', // return(0, m)
])

/** One call that reads storage of many contracts, whose code is replaced for the call. */
export function slotProbeCall(queries: readonly SlotQuery[]): CallParameters {
  const loaders = queries.map(({ address }) => [address, { code: loaderCode }] as const)
  const asked = queries.filter(({ slots }) => slots.length > 0)
  return {
    to: probe,
    data: concat(
      asked.flatMap(({ address, slots }) => [
        pad(address, { size: 32 }),
        numberToHex(slots.length * 32, { size: 32 }),
        ...slots,
      ]),
    ),
    stateOverride: { ...Object.fromEntries(loaders), [probe]: { code: probeCode } },
  }
}

/** Values in the order of the queries and their slots. @throws AccountProbeError */
export function decodeSlotProbe(queries: readonly SlotQuery[], data: Hex): Hex[][] {
  const total = queries.reduce((count, { slots }) => count + slots.length, 0)
  if (size(data) !== total * 32) throw new AccountProbeError()
  let position = 0
  return queries.map(({ slots }) =>
    slots.map(() => {
      const value = slice(data, position, position + 32)
      position += 32
      return value
    }),
  )
}
