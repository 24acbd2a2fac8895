import type { Address, Hex } from 'viem'
import { concat, numberToHex, padHex, zeroAddress } from 'viem'
import { op } from '../../opcodes.ts'
import type { TracedCall } from '../trace.ts'

/** Who plays in the canned call; none of them has code outside of it. */
export const cast = {
  director: '0x00000000000000000000000000000000f0be0001',
  reader: '0x00000000000000000000000000000000f0be0002',
  spender: '0x00000000000000000000000000000000f0be0003',
  invalid: '0x00000000000000000000000000000000f0be0004',
  nobody: '0x00000000000000000000000000000000f0be0005',
  reverter: '0x00000000000000000000000000000000f0be0006',
  asked: '0x00000000000000000000000000000000f0be0008',
} as const satisfies Record<string, Address>

export const readSlot = word(7n)
export const writtenSlot = word(8n)
export const readValue = word(0x2an)
export const answer = word(0xc0ffeen)
/** What `reader` hashes: two words, as for a mapping. */
export const hashed = concat([word(1n), word(2n)])
/** A contract that is made in the call has this much code. */
export const createdSize = 1

/** SLOAD, TLOAD, SSTORE, and KECCAK256 of two words. */
const readerCode = concat([
  concat(['0x7f', readSlot, '0x5450']),
  '0x5f5c50',
  concat(['0x60017f', writtenSlot, '0x55']),
  concat(['0x7f', word(1n), '0x5f52', '0x7f', word(2n), '0x602052']),
  '0x60405f2050',
])

const directorCode = concat([
  // GAS that is looked at, once; each call below is preceded by one that is not.
  '0x5a50',
  callTo(cast.reader, op.call),
  callTo(cast.reader, op.delegateCall),
  // Out of gas, and a halt that is none: INVALID takes all gas as well.
  callTo(cast.spender, op.call, 500),
  callTo(cast.invalid, op.call, 500),
  callTo('0x0000000000000000000000000000000000000004', op.staticCall),
  // EXTCODESIZE of an address without code, and as a question for existence.
  concat(['0x73', cast.nobody, '0x3b50']),
  concat(['0x73', cast.asked, '0x3b1550']),
  // CREATE2 of a contract with one byte of code, which is looked at.
  '0x6360015ff35f525f6004601c5ff5803f5050',
  concat(['0x7f', answer, '0x5f5260205ff3']),
])

const code = (hex: Hex) => ({ code: hex })

/** Calls, looks and faults that a trace has to show as they are. */
export const probeCall: TracedCall = {
  from: zeroAddress,
  to: cast.director,
  data: '0xabcdef0102',
  gas: 3_000_000n,
  stateOverride: {
    [cast.director]: { ...code(directorCode), stateDiff: { [readSlot]: readValue } },
    [cast.reader]: { ...code(readerCode), stateDiff: { [readSlot]: readValue } },
    // JUMPDEST and back, until the gas is gone.
    [cast.spender]: code('0x5b5f56'),
    [cast.invalid]: code('0xfe'),
    [cast.asked]: code('0x00'),
  },
  blockTag: 'latest',
}

/** A call that reverts with bytes: the result of EntryPoint 0.6's simulation. */
export const revertedCall: TracedCall = {
  ...probeCall,
  to: cast.reverter,
  stateOverride: { [cast.reverter]: code(concat(['0x7f', answer, '0x5f5260205ffd'])) },
}

/** Calls `target` without data; the result is dropped. */
function callTo(target: Address, opcode: number, gas?: number): Hex {
  const value: Hex = opcode === op.call ? '0x5f' : '0x'
  const limit: Hex = gas === undefined ? '0x5a' : concat(['0x61', numberToHex(gas, { size: 2 })])
  return concat(['0x5f5f5f5f', value, '0x73', target, limit, numberToHex(opcode), '0x50'])
}

function word(value: bigint): Hex {
  return padHex(numberToHex(value), { size: 32 })
}
