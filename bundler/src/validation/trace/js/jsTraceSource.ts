import { z } from 'zod'
import type { ChainReader } from '../../../chain/reader.ts'
import { MalformedTraceError } from '../malformedTrace.ts'
import type { TraceSource } from '../trace.ts'
import { traceCall } from '../traceCall.ts'
import type { JsTrace } from './jsTrace.ts'
import { toValidationTrace } from './jsTrace.ts'
import { jsTracer } from './tracer.ts'

const answerSchema = z.object({
  frames: z.array(z.looseObject({ parent: z.number(), type: z.string() })).min(1),
  preimages: z.array(z.string()),
  values: z.array(z.tuple([z.string(), z.string(), z.string()])),
})

/** Traces by a JavaScript tracer that the node runs: slower than a native one, and on more nodes. */
export function createJsTraceSource(reader: Pick<ChainReader, 'request'>): TraceSource {
  return {
    name: 'js',
    async trace(call, node = reader) {
      const answer = await traceCall(node, call, jsTracer)
      if (!answerSchema.safeParse(answer).success) throw new MalformedTraceError('js')
      return toValidationTrace(answer as JsTrace)
    },
    close: async () => undefined,
  }
}
