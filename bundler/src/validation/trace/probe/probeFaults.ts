import type { Address, Hex } from 'viem'
import { op } from '../../opcodes.ts'
import type { FrameType, TraceFrame, ValidationTrace } from '../trace.ts'
import { answer, cast, createdSize, hashed, readSlot, readValue, writtenSlot } from './probeCall.ts'

/**
 * What a source gets wrong about the canned call. Empty: rules may be checked on its traces.
 * @param traced Trace of `probeCall`.
 * @param reverted Trace of `revertedCall`.
 */
export function probeFaults(traced: ValidationTrace, reverted: ValidationTrace): string[] {
  const { frames } = traced
  const [root] = frames
  const find = (type: FrameType, code: Address) =>
    frames.find((frame) => frame.type === type && same(frame.codeAddress, code))
  const called = find('CALL', cast.reader)
  const borrowed = find('DELEGATECALL', cast.reader)
  const created = frames.find(({ type }) => type === 'CREATE2')
  const createdAddress = created?.address ?? '0x'

  const checks: [fault: string, holds: boolean][] = [
    ['the result of the call', traced.result.ok && traced.result.data === answer],
    ['the bytes of a revert', !reverted.result.ok && reverted.result.data === answer],
    ['the outermost frame', root?.parent === -1 && same(root.address, cast.director)],
    ['the selector', root?.selector === '0xabcdef01'],
    ['a GAS that no call follows [OP-012]', root?.opcodes.get(op.gas) === 1],
    [
      'an address without code [OP-041]',
      touches(root, op.extCodeSize, cast.nobody, { codeSize: 0, existenceCheck: false }),
    ],
    [
      'a question for existence [OP-051]',
      touches(root, op.extCodeSize, cast.asked, { existenceCheck: true }),
    ],
    [
      'a contract that was made in the call [OP-031]',
      touches(root, op.extCodeHash, createdAddress, { codeSize: createdSize }),
    ],
    ['CREATE2 [OP-031]', root?.opcodes.get(op.create2) === 1 && created?.parent === 0],
    ['running out of gas [OP-020]', find('CALL', cast.spender)?.outOfGas === true],
    ['INVALID [OP-011]', find('CALL', cast.invalid)?.opcodes.get(op.invalid) === 1],
    ['a halt that is not out of gas [OP-020]', find('CALL', cast.invalid)?.outOfGas === false],
    [
      'a call of a precompile [OP-062]',
      find('STATICCALL', '0x0000000000000000000000000000000000000004') !== undefined,
    ],
    ['the frame of a call', called !== undefined && same(called.address, cast.reader)],
    [
      'the frame of a DELEGATECALL',
      borrowed !== undefined && same(borrowed.address, cast.director),
    ],
    ['storage reads [STO-010]', !!called?.storage.reads.includes(readSlot)],
    ['storage reads of a DELEGATECALL', !!borrowed?.storage.reads.includes(readSlot)],
    ['storage writes [STO-010]', !!called?.storage.writes.includes(writtenSlot)],
    ['transient storage [OP-070]', called?.storage.transientReads.length === 1],
    ['inputs of KECCAK256 [STO-021]', traced.preimages.includes(hashed)],
    ['values of slots', holdsValue(traced, cast.reader) && holdsValue(traced, cast.director)],
  ]
  return checks.flatMap(([fault, holds]) => (holds ? [] : [fault]))
}

function touches(
  frame: TraceFrame | undefined,
  opcode: number,
  address: Hex,
  expected: { codeSize?: number; existenceCheck?: boolean },
): boolean {
  return !!frame?.touched.some(
    (entry) =>
      entry.opcode === opcode &&
      same(entry.address, address) &&
      (expected.codeSize === undefined || entry.codeSize === expected.codeSize) &&
      (expected.existenceCheck === undefined || entry.existenceCheck === expected.existenceCheck),
  )
}

function holdsValue({ slotValues }: ValidationTrace, address: Address): boolean {
  return slotValues.some(
    (entry) => same(entry.address, address) && entry.slot === readSlot && entry.value === readValue,
  )
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
