import { FabstirError } from './base.ts'

/** Nobody signs: no signer was set, or it was cleared. */
export class SignerNotSetError extends FabstirError {
  override name = 'SignerNotSetError'

  constructor() {
    super('Nobody signs.', { metaMessages: ['Call `setSigner` first, or pass `signer`.'] })
  }
}
