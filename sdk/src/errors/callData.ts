import { type Hex, slice } from 'viem'
import { FabstirError } from './base.ts'

/** Calldata of an account that is not a batch in canonical form. */
export class CallDataError extends FabstirError {
  override name = 'CallDataError'
  data: Hex

  constructor({ data, cause }: { data: Hex; cause?: Error | undefined }) {
    const selector = data.length >= 10 ? slice(data, 0, 4) : data
    super(`The calldata is not a batch of calls of a Fabstir account (selector ${selector}).`, {
      cause,
    })
    this.data = data
  }
}
