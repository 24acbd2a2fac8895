import { op } from '../opcodes.ts'

const names = new Map<number, string>([
  [op.balance, 'BALANCE'],
  [op.origin, 'ORIGIN'],
  [op.gasPrice, 'GASPRICE'],
  [op.extCodeSize, 'EXTCODESIZE'],
  [op.extCodeCopy, 'EXTCODECOPY'],
  [op.extCodeHash, 'EXTCODEHASH'],
  [op.blockHash, 'BLOCKHASH'],
  [op.coinbase, 'COINBASE'],
  [op.timestamp, 'TIMESTAMP'],
  [op.number, 'NUMBER'],
  [op.prevRandao, 'DIFFICULTY (PREVRANDAO)'],
  [op.gasLimit, 'GASLIMIT'],
  [op.selfBalance, 'SELFBALANCE'],
  [op.baseFee, 'BASEFEE'],
  [op.blobHash, 'BLOBHASH'],
  [op.blobBaseFee, 'BLOBBASEFEE'],
  [op.gas, 'GAS'],
  [op.create, 'CREATE'],
  [op.call, 'CALL'],
  [op.callCode, 'CALLCODE'],
  [op.delegateCall, 'DELEGATECALL'],
  [op.create2, 'CREATE2'],
  [op.staticCall, 'STATICCALL'],
  [op.invalid, 'INVALID'],
  [op.selfDestruct, 'SELFDESTRUCT'],
])

/** The name that rules use for an opcode, or its number. */
export function opcodeName(opcode: number): string {
  return names.get(opcode) ?? `0x${opcode.toString(16).padStart(2, '0')}`
}

/** First and last number of each run of opcodes that the EVM has, CLZ (EIP-7939) included. */
const assigned: readonly (readonly [number, number])[] = [
  [0x00, 0x0b],
  [0x10, 0x1e],
  [0x20, 0x20],
  [0x30, 0x4a],
  [0x50, 0xa4],
  [0xf0, 0xf5],
  [0xfa, 0xfa],
  [0xfd, 0xff],
]

/** Whether the EVM gives `opcode` a meaning. INVALID counts: rules name it apart. */
export function isAssigned(opcode: number): boolean {
  return assigned.some(([first, last]) => opcode >= first && opcode <= last)
}
