import { z } from 'zod'
import type { ChainReader } from '../../../chain/reader.ts'
import { MalformedTraceError } from '../malformedTrace.ts'
import type { TraceSource } from '../trace.ts'
import { traceCall } from '../traceCall.ts'
import type { NativeFrame } from './nativeTrace.ts'
import { toValidationTrace } from './nativeTrace.ts'

const frameSchema = z.looseObject({
  type: z.string(),
  from: z.string(),
  usedOpcodes: z.record(z.string(), z.number()),
  contractSize: z.record(z.string(), z.object({ contractSize: z.number(), opcode: z.number() })),
  accessedSlots: z.object({
    reads: z.record(z.string(), z.array(z.string())).nullish(),
    writes: z.record(z.string(), z.unknown()).nullish(),
    transientReads: z.record(z.string(), z.unknown()).nullish(),
    transientWrites: z.record(z.string(), z.unknown()).nullish(),
  }),
})

/** Traces by the node's own `erc7562Tracer` (geth 1.16 and later). */
export function createNativeTraceSource(reader: Pick<ChainReader, 'request'>): TraceSource {
  return {
    name: 'native',
    async trace(call, node = reader) {
      const answer = await traceCall(node, call, 'erc7562Tracer')
      if (!frameSchema.safeParse(answer).success) throw new MalformedTraceError('native')
      return toValidationTrace(answer as NativeFrame)
    },
    close: async () => undefined,
  }
}
