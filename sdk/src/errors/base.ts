import { BaseError } from 'viem'

/** Every error that this package throws on purpose. */
export class FabstirError extends BaseError {
  override name = 'FabstirError'
}
