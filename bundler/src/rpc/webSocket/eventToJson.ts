import type { OperationEvent } from '../../types/operationEvent.ts'

/** An event as notifications carry it: block numbers as hex quantities, like everywhere in this API. */
export function eventToJson({ blockNumber, ...event }: OperationEvent): Record<string, unknown> {
  return {
    ...event,
    ...(blockNumber !== undefined && { blockNumber: `0x${blockNumber.toString(16)}` }),
  }
}
