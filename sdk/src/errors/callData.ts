import { type Hex, slice } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'

/** Calldata of an account that is not a batch in canonical form. */
export class CallDataError extends FabstirError {
  override name = 'CallDataError'
  declare data: Hex

  constructor(values: ValuesOf<CallDataError>) {
    const { data } = values
    const selector = data.length >= 10 ? slice(data, 0, 4) : data
    super(
      `The calldata is not a batch of calls of a Fabstir account (selector ${selector}).`,
      values,
    )
  }
}
