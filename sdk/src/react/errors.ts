import { FabstirError } from '../errors/base.ts'

/** A hook was used outside of a `FabstirProvider`. */
export class FabstirProviderNotFoundError extends FabstirError {
  override name = 'FabstirProviderNotFoundError'

  constructor() {
    super('There is no FabstirProvider above the component.')
  }
}

/** An action was started while no account is connected. */
export class NotConnectedError extends FabstirError {
  override name = 'NotConnectedError'

  constructor() {
    super('No account is connected.')
  }
}
