import type { Hex } from 'viem'
import { concat, numberToHex, size } from 'viem'

const numbers = {
  STOP: 0x00,
  ADD: 0x01,
  SUB: 0x03,
  ISZERO: 0x15,
  KECCAK256: 0x20,
  ADDRESS: 0x30,
  BALANCE: 0x31,
  ORIGIN: 0x32,
  CALLER: 0x33,
  CALLDATASIZE: 0x36,
  CALLDATACOPY: 0x37,
  GASPRICE: 0x3a,
  EXTCODESIZE: 0x3b,
  EXTCODECOPY: 0x3c,
  RETURNDATASIZE: 0x3d,
  EXTCODEHASH: 0x3f,
  BLOCKHASH: 0x40,
  COINBASE: 0x41,
  TIMESTAMP: 0x42,
  NUMBER: 0x43,
  PREVRANDAO: 0x44,
  GASLIMIT: 0x45,
  CHAINID: 0x46,
  SELFBALANCE: 0x47,
  BASEFEE: 0x48,
  BLOBBASEFEE: 0x4a,
  POP: 0x50,
  MLOAD: 0x51,
  MSTORE: 0x52,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  GAS: 0x5a,
  JUMPDEST: 0x5b,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  DUP1: 0x80,
  SWAP1: 0x90,
  CREATE: 0xf0,
  CALL: 0xf1,
  CALLCODE: 0xf2,
  RETURN: 0xf3,
  DELEGATECALL: 0xf4,
  CREATE2: 0xf5,
  STATICCALL: 0xfa,
  REVERT: 0xfd,
  INVALID: 0xfe,
  SELFDESTRUCT: 0xff,
} as const

export type Mnemonic = keyof typeof numbers

/** The number of an opcode. */
export function op(mnemonic: Mnemonic): number {
  return numbers[mnemonic]
}

export type AssemblyPart = Mnemonic | number | Hex

/** Code of mnemonics; numbers and bytes between them are pushed. Numbers take one or two bytes. */
export function assemble(...parts: readonly AssemblyPart[]): Hex {
  return concat(
    parts.map((part): Hex => {
      if (typeof part === 'number') return push(numberToHex(part, { size: part > 255 ? 2 : 1 }))
      if (part.startsWith('0x')) return push(part as Hex)
      return numberToHex(numbers[part as Mnemonic], { size: 1 })
    }),
  )
}

/** Code that returns the word on the stack. */
export function returning(...parts: readonly AssemblyPart[]): Hex {
  return assemble(...parts, 0, 'MSTORE', 32, 0, 'RETURN')
}

/** Init code that deploys `runtime` of up to 32 bytes. */
export function deploying(runtime: Hex): Hex {
  const bytes = size(runtime)
  return assemble(runtime, 0, 'MSTORE', bytes, 32 - bytes, 'RETURN')
}

function push(value: Hex): Hex {
  return concat([numberToHex(0x5f + size(value), { size: 1 }), value])
}
