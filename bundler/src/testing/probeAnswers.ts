import type { JsTrace } from '../validation/trace/js/jsTrace.ts'
import type { NativeFrame } from '../validation/trace/native/nativeTrace.ts'
import jsProbe from './vectors/jsProbe.json' with { type: 'json' }
import nativeProbe from './vectors/nativeProbe.json' with { type: 'json' }

/** What `jsTracer` answered about `probeCall` on anvil 1.7.1. */
export const jsAnswer = jsProbe as unknown as JsTrace

/** The same in the words of geth's `erc7562Tracer`, written after its source. */
export const nativeAnswer = nativeProbe as unknown as NativeFrame
