import { describe, expect, test } from 'vitest'
import { jsAnswer } from '../../../testing/probeAnswers.ts'
import { op } from '../../opcodes.ts'
import { toValidationTrace } from '../js/jsTrace.ts'
import type { TraceFrame, TraceSource, ValidationTrace } from '../trace.ts'
import { chooseTraceSource } from './chooseTraceSource.ts'
import { answer, probeCall } from './probeCall.ts'

const rightTrace = toValidationTrace(jsAnswer)
const revertedTrace: ValidationTrace = {
  ...rightTrace,
  result: { ok: false, data: answer, message: 'execution reverted' },
}

type Fake = TraceSource & { closed: boolean }

/** A source that answers the canned call with `trace`, or fails. */
function source(name: TraceSource['name'], trace: ValidationTrace | Error): Fake {
  return {
    name,
    closed: false,
    async trace(call) {
      if (trace instanceof Error) throw trace
      return call.to === probeCall.to ? trace : revertedTrace
    },
    async close() {
      this.closed = true
    },
  }
}

const right = (name: TraceSource['name']) => source(name, rightTrace)
const absent = (name: TraceSource['name']) => source(name, new Error('no such tracer'))

/** The right trace with its outermost frame changed. */
function withRoot(change: (root: TraceFrame) => Partial<TraceFrame>): ValidationTrace {
  const [root, ...others] = rightTrace.frames
  if (!root) throw new Error('no frame')
  return { ...rightTrace, frames: [{ ...root, ...change(root) }, ...others] }
}

describe('chooseTraceSource', () => {
  test('auto takes the first that comes out right and closes the others', async () => {
    const [native, local, js] = [absent('native'), right('local'), right('js')]
    const chosen = await chooseTraceSource('auto', [native, local, js])
    expect(chosen.source).toBe(local)
    expect(chosen.passedOver).toEqual([{ name: 'native', why: 'no such tracer' }])
    expect([native, local, js].map(({ closed }) => closed)).toEqual([true, false, true])
  })

  test('a source that is asked for is the only one that is tried', async () => {
    const [native, js] = [right('native'), right('js')]
    expect((await chooseTraceSource('js', [native, js])).source).toBe(js)
    await expect(chooseTraceSource('local', [native, js])).rejects.toThrow('--trace local')
  })

  test('without any, it says why each was passed over and how to go on', async () => {
    const failure = chooseTraceSource('auto', [absent('native'), absent('js')])
    await expect(failure).rejects.toThrow(
      /native: no such tracer; js: no such tracer; .*--trace none/,
    )
  })

  test.each<[string, ValidationTrace]>([
    ['[OP-012]', withRoot(({ opcodes }) => ({ opcodes: new Map([...opcodes, [op.gas, 7]]) }))],
    [
      '[OP-041]',
      withRoot(({ touched }) => ({ touched: touched.filter(({ codeSize }) => codeSize > 0) })),
    ],
    [
      '[OP-051]',
      withRoot(({ touched }) => ({
        touched: touched.map((entry) => ({ ...entry, existenceCheck: false })),
      })),
    ],
    [
      '[OP-020]',
      {
        ...rightTrace,
        frames: rightTrace.frames.map((frame) => ({ ...frame, outOfGas: false })),
      },
    ],
    [
      'DELEGATECALL',
      {
        ...rightTrace,
        frames: rightTrace.frames.map((frame) => ({ ...frame, address: frame.codeAddress })),
      },
    ],
    ['[STO-021]', { ...rightTrace, preimages: [] }],
    ['values of slots', { ...rightTrace, slotValues: [] }],
    ['the result of the call', { ...rightTrace, result: { ok: true, data: '0x' } }],
  ])('a source that gets %s wrong is not taken', async (fault, wrong) => {
    const failure = chooseTraceSource('auto', [source('js', wrong)])
    await expect(failure).rejects.toThrow(`js: it does not show`)
    await expect(chooseTraceSource('auto', [source('js', wrong)])).rejects.toThrow(fault)
  })
})
