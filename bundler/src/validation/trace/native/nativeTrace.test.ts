import type { Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { jsAnswer, nativeAnswer } from '../../../testing/probeAnswers.ts'
import { op } from '../../opcodes.ts'
import { toValidationTrace as fromJs } from '../js/jsTrace.ts'
import { answer, cast } from '../probe/probeCall.ts'
import { probeFaults } from '../probe/probeFaults.ts'
import type { NativeFrame } from './nativeTrace.ts'
import { toValidationTrace } from './nativeTrace.ts'

const trace = toValidationTrace(nativeAnswer)
const frame = (fields: Partial<NativeFrame>): NativeFrame => ({
  type: 'CALL',
  from: cast.director,
  to: cast.reader,
  accessedSlots: {},
  usedOpcodes: {},
  contractSize: {},
  ...fields,
})
const word: Hex = `0x${'11'.repeat(32)}`
const one: Hex = `0x${'00'.repeat(31)}01`

describe('a trace of the erc7562Tracer', () => {
  test('shows what the probe looks for', () => {
    const reverted = toValidationTrace({ ...nativeAnswer, error: 'execution reverted' })
    expect(reverted.result).toMatchObject({ ok: false, data: answer })
    expect(probeFaults(trace, reverted)).toEqual([])
  })

  test('has the frames and slots of the js source', () => {
    const same = fromJs(jsAnswer)
    const outline = ({ frames }: typeof trace) =>
      frames.map(({ parent, type, address, codeAddress, storage, outOfGas, reverted }) => ({
        ...{ parent, type, address, codeAddress, storage, outOfGas, reverted },
      }))
    expect(outline(trace)).toEqual(outline(same))
    expect(trace.slotValues).toEqual(same.slotValues)
    expect(trace.preimages).toEqual(same.preimages)
  })

  test('a call keeps its opcode, though the address was looked at before', () => {
    const { frames } = toValidationTrace(
      frame({
        contractSize: { [cast.asked]: { contractSize: 9, opcode: op.extCodeSize } },
        extCodeAccessInfo: [],
        calls: [frame({ type: 'STATICCALL', to: cast.asked })],
      }),
    )
    expect(frames[0]?.touched).toEqual([
      { address: cast.asked, opcode: op.extCodeSize, codeSize: 9, existenceCheck: true },
      { address: cast.asked, opcode: op.staticCall, codeSize: 9, existenceCheck: false },
    ])
  })

  test('a call to an address that was named by a call before keeps a later look at its code', () => {
    const { frames } = toValidationTrace(
      frame({
        contractSize: { [cast.asked]: { contractSize: 9, opcode: op.call } },
        extCodeAccessInfo: [cast.asked],
      }),
    )
    expect(frames[0]?.touched.map(({ opcode }) => opcode)).toEqual([op.call, op.extCodeSize])
  })

  test('a slot that frames read with different values is listed with each: the order is not known', () => {
    const reading = (value: Hex, calls: NativeFrame[] = []) =>
      frame({ accessedSlots: { reads: { [word]: [value] } }, calls })
    const { slotValues } = toValidationTrace(reading(one, [reading(word), reading(one)]))
    expect(slotValues.map(({ value }) => value)).toEqual([one, word])
  })

  test('DELEGATECALL of geth carries the value of its caller, which it does not send', () => {
    const { frames } = toValidationTrace(
      frame({ calls: [frame({ type: 'DELEGATECALL', value: '0x5', to: cast.asked })] }),
    )
    expect(frames[1]).toMatchObject({ value: 0n, address: cast.reader, codeAddress: cast.asked })
  })

  test('a creation that failed has no address, and SELFDESTRUCT is no frame', () => {
    const { to: _, ...failed } = frame({ type: 'CREATE2', error: 'out of gas' })
    const { frames } = toValidationTrace(
      frame({ calls: [frame({ type: 'SELFDESTRUCT' }), failed] }),
    )
    expect(frames.map(({ type, address }) => [type, address])).toEqual([
      ['CALL', cast.reader],
      ['CREATE2', '0x0000000000000000000000000000000000000000'],
    ])
  })
})
