import { FabstirError } from './base.ts'

/** No node fits. Each one is counted under the first thing that it lacks. */
export class NoSuitableNodeError extends FabstirError {
  override name = 'NoSuitableNodeError'
  /** Nodes that were looked at. */
  considered: number
  withoutModel: number
  tooSlow: number
  tooExpensive: number

  constructor({
    modelId,
    considered,
    withoutModel,
    tooSlow,
    tooExpensive,
  }: {
    modelId: string
    considered: number
    withoutModel: number
    tooSlow: number
    tooExpensive: number
  }) {
    super(`None of ${considered} nodes serves ${modelId} as it was asked for.`, {
      metaMessages: [
        `${withoutModel} do not serve the model, ${tooSlow} are too slow, ${tooExpensive} too expensive.`,
      ],
    })
    this.considered = considered
    this.withoutModel = withoutModel
    this.tooSlow = tooSlow
    this.tooExpensive = tooExpensive
  }
}

/** A measure of a node or a bound on it makes no sense. */
export class SelectionError extends FabstirError {
  override name = 'SelectionError'
  field: string

  constructor({ field, problem }: { field: string; problem: string }) {
    super(`\`${field}\` ${problem}.`)
    this.field = field
  }
}
