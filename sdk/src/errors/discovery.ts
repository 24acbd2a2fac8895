import { FabstirError, type ValuesOf } from './base.ts'

/** No node fits. Each one is counted under the first thing that it lacks. */
export class NoSuitableNodeError extends FabstirError {
  override name = 'NoSuitableNodeError'
  /** Nodes that were looked at. */
  declare considered: number
  declare withoutModel: number
  declare tooSlow: number
  declare tooExpensive: number

  constructor({ modelId, ...values }: ValuesOf<NoSuitableNodeError> & { modelId: string }) {
    const { considered, withoutModel, tooSlow, tooExpensive } = values
    super(`None of ${considered} nodes serves ${modelId} as it was asked for.`, {
      ...values,
      metaMessages: [
        `${withoutModel} do not serve the model, ${tooSlow} are too slow, ${tooExpensive} too expensive.`,
      ],
    })
  }
}

/** A measure of a node or a bound on it makes no sense. */
export class SelectionError extends FabstirError {
  override name = 'SelectionError'
  declare field: string

  constructor({ field, problem }: { field: string; problem: string }) {
    super(`\`${field}\` ${problem}.`, { field })
  }
}
