import type { Address, Hex } from 'viem'
import { concat, hexToBigInt, pad, size, slice } from 'viem'
import type { CallParameters } from './reader.ts'

/** What one `eth_call` tells about an address. */
export type AccountState = {
  /** EXTCODEHASH: zero of an address that does not exist. */
  codeHash: Hex
  codeSize: number
  /** Wei. */
  balance: bigint
  /** Whom an EIP-7702 delegation names. */
  delegate?: Address
}

/** An address that only has code in the call that reads. */
const probe: Address = '0x0000000000000000000000000000000000acc0de'

/**
 * for (p = 0; p < calldatasize; p += 32): four words about the address at p: EXTCODEHASH, BALANCE,
 * EXTCODESIZE and the first 32 bytes of its code.
 */
const probeCode: Hex = concat([
  '0x60005b', // p = 0; loop at 2:
  '0x8035', // address
  '0x803f8260021b52', // mstore(4p, extcodehash)
  '0x80318260021b60200152', // mstore(4p + 32, balance)
  '0x803b8260021b60400152', // mstore(4p + 64, extcodesize)
  '0x602060008360021b606001833c', // extcodecopy(address, 4p + 96, 0, 32)
  '0x50602001', // p += 32
  '0x803611600257', // while calldatasize > p
  '0x3660021b6000f3', // return(0, 4 calldatasize)
])
const wordsPerAddress = 4
const delegationPrefix = '0xef0100'
const delegationSize = 23

/** One call that reads code hash, balance and delegation of many addresses, as they are without overrides. */
export function accountProbeCall(addresses: readonly Address[]): CallParameters {
  return {
    to: probe,
    data: concat(addresses.map((address) => pad(address, { size: 32 }))),
    stateOverride: { [probe]: { code: probeCode } },
  }
}

/** @throws AccountProbeError when the node answered with anything else. */
export function decodeAccountProbe(addresses: readonly Address[], data: Hex): AccountState[] {
  if (size(data) !== addresses.length * wordsPerAddress * 32) throw new AccountProbeError()
  return addresses.map((_, index) => {
    const word = (at: number) => {
      const start = (index * wordsPerAddress + at) * 32
      return slice(data, start, start + 32)
    }
    const codeSize = Number(hexToBigInt(word(2)))
    const code = word(3)
    const isDelegation = codeSize === delegationSize && slice(code, 0, 3) === delegationPrefix
    return {
      codeHash: word(0),
      balance: hexToBigInt(word(1)),
      codeSize,
      ...(isDelegation && { delegate: slice(code, 3, delegationSize) }),
    }
  })
}

/** The node does not apply state overrides, or does not run what it is given. */
export class AccountProbeError extends Error {
  override name = 'AccountProbeError'

  constructor() {
    super('the node does not answer calls with state overrides as it should')
  }
}
