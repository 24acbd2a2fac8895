import type { InterpreterStep } from '@ethereumjs/evm'
import { bytesToHex } from '@ethereumjs/util'
import type { Address, Hex } from 'viem'
import { op } from '../../../../opcodes.ts'
import type { FrameType } from '../../../trace.ts'
import { callTypes } from './opcodes.ts'

/** Sizes of a KECCAK256 input that can tell whose mapping entry a slot is [STO-021]. */
const preimageSizes = { least: 32n, most: 512n }

/** A call that an opcode is about to make. */
export type CallStep = { type: FrameType; codeAddress: Address; value: bigint; selector: Hex }

/** The item `depth` below the top; absent when the opcode is about to fail for want of it. */
function peek({ stack }: InterpreterStep, depth: number): bigint | undefined {
  return stack[stack.length - 1 - depth]
}

function toAddress(word: bigint): Address {
  return hexOf(BigInt.asUintN(160, word), 20)
}

/** What CALL or one of its kin is about to do. */
export function callOf(step: InterpreterStep, number: number): CallStep | undefined {
  const type = callTypes.get(number)
  const target = peek(step, 1)
  if (!type || target === undefined) return undefined
  const sendsValue = type === 'CALL' || type === 'CALLCODE'
  const offset = peek(step, sendsValue ? 3 : 2)
  const size = peek(step, sendsValue ? 4 : 3)
  if (offset === undefined || size === undefined) return undefined
  return {
    type,
    codeAddress: toAddress(target),
    value: sendsValue ? (peek(step, 2) ?? 0n) : 0n,
    selector: bytesToHex(readMemory(step.memory, offset, size < 4n ? size : 4n)),
  }
}

/** The address that an opcode of the CALL or EXTCODE kind names. */
export function addressNamedBy(step: InterpreterStep, number: number): Address | undefined {
  const word = callTypes.has(number) ? peek(step, 1) : isExtCode(number) ? peek(step, 0) : undefined
  return word === undefined ? undefined : toAddress(word)
}

function isExtCode(number: number): boolean {
  return number === op.extCodeSize || number === op.extCodeCopy || number === op.extCodeHash
}

/** The slot that SLOAD, SSTORE, TLOAD or TSTORE is about to use. */
export function slotOf(step: InterpreterStep): Hex | undefined {
  const word = peek(step, 0)
  return word === undefined ? undefined : hexOf(word, 32)
}

/** What KECCAK256 is about to hash, when its size is that of a mapping entry. */
export function preimageOf(step: InterpreterStep): Hex | undefined {
  const [offset, size] = [peek(step, 0), peek(step, 1)]
  if (offset === undefined || size === undefined) return undefined
  if (size < preimageSizes.least || size > preimageSizes.most) return undefined
  return bytesToHex(readMemory(step.memory, offset, size))
}

function hexOf(word: bigint, bytes: number): Hex {
  return `0x${word.toString(16).padStart(2 * bytes, '0')}`
}

/** Bytes of the memory before the step; the opcode itself extends it with zeros. */
function readMemory(memory: Uint8Array, offset: bigint, size: bigint): Uint8Array {
  const bytes = new Uint8Array(Number(size))
  if (offset < BigInt(memory.length)) {
    bytes.set(memory.subarray(Number(offset), Number(offset + size)))
  }
  return bytes
}
