import type { Address, Hex } from 'viem'
import { concat, numberToHex, size, slice } from 'viem'
import type { StateOverride } from '../../../../chain/reader.ts'
import { ChainError } from '../../../../chain/reader.ts'
import { op } from '../../../opcodes.ts'

/**
 * Reads state in one `eth_call`: the code of the called address is put there by override, and is written
 * for what is to be read, so that any node that knows overrides serves, and answers what its own EVM sees.
 */
export type LoaderCall = { to: Address; data: '0x'; stateOverride: StateOverride }

/** Nobody's address. */
export const loaderAddress: Address = '0x4c6f61644f66616262737469725472616365f00d'

/** One word that an opcode leaves on the stack. */
export type WordQuery =
  | { opcode: number }
  | { opcode: number; address: Address }
  | { opcode: number; number: bigint }

/** Reads one word for each query. At most {@link maxLoaderWords}. */
export function wordLoader(queries: readonly WordQuery[]): LoaderCall {
  return loaderCall({ [loaderAddress]: { code: codeOf(queries.map(wordCode)) } })
}

/** Two bytes address the words that a loader returns. */
export const maxLoaderWords = 1_000

/**
 * Reads slots, one word for each in the order given: each account is called with a loader in place of its
 * code. It fails where a node does not take the override.
 */
export function slotLoader(
  accounts: readonly { address: Address; slots: readonly Hex[] }[],
): LoaderCall {
  const stateOverride: StateOverride = {}
  const steps: Hex[] = []
  let offset = 0
  for (const { address, slots } of accounts) {
    stateOverride[address] = {
      code: codeOf(slots.map((slot) => concat([push(slot), byte(op.sload)]))),
    }
    steps.push(callCode(address, offset, slots.length * 32))
    offset += slots.length * 32
  }
  stateOverride[loaderAddress] = {
    code: concat([failurePrefix, ...steps, push2(offset), push1(0), byte(op.return)]),
  }
  return loaderCall(stateOverride)
}

/**
 * The words of an answer.
 * @throws ChainError when there are not `count`: the node did not take the override.
 */
export function wordsOf(data: Hex, count: number): Hex[] {
  if (size(data) !== count * 32) {
    const message = `a loader returned ${size(data)} bytes instead of ${count * 32}`
    throw new ChainError('eth_call', 0, message)
  }
  return Array.from({ length: count }, (_, index) => slice(data, index * 32, index * 32 + 32))
}

/** Jumps over the place where failed checks end: JUMPDEST at 3, then a revert. */
const failurePrefix = '0x6009565b60006000fd5b'
const failureTarget = 3

/** Code that keeps the word of each piece and returns all of them. */
function codeOf(pieces: readonly Hex[]): Hex {
  const kept = pieces.map((piece, index) => concat([piece, push2(index * 32), byte(op.mstore)]))
  return concat([...kept, push2(pieces.length * 32), push1(0), byte(op.return)])
}

function wordCode(query: WordQuery): Hex {
  if ('address' in query) return concat([push(query.address), byte(query.opcode)])
  if ('number' in query)
    return concat([push(numberToHex(query.number, { size: 32 })), byte(query.opcode)])
  return byte(query.opcode)
}

/** A call whose answer, of exactly `length` bytes, goes to memory at `offset`. */
function callCode(address: Address, offset: number, length: number): Hex {
  return concat([
    ...[push2(length), push2(offset), push1(0), push1(0), push1(0), push(address)],
    ...[byte(op.gas), byte(op.call), byte(op.pop)],
    ...[byte(op.returnDataSize), push2(length), byte(op.eq), byte(op.isZero)],
    ...[push1(failureTarget), byte(op.jumpi)],
  ])
}

function loaderCall(stateOverride: StateOverride): LoaderCall {
  return { to: loaderAddress, data: '0x', stateOverride }
}

function push(value: Hex): Hex {
  return concat([byte(0x5f + size(value)), value])
}

function push1(value: number): Hex {
  return concat(['0x60', numberToHex(value, { size: 1 })])
}

function push2(value: number): Hex {
  return concat(['0x61', numberToHex(value, { size: 2 })])
}

function byte(value: number): Hex {
  return numberToHex(value, { size: 1 })
}
