import type { Hash, Hex } from 'viem'
import type { Signer } from './signer.ts'

/**
 * A signature, or an error when the time is up, whether the signer heeds the signal or not.
 * @param timeout A signal that ends one attempt. Not asked for keys of this process.
 * @throws SignTimeoutError, and what the signer throws.
 */
export async function boundedSign(
  signer: Signer,
  digest: Hash,
  timeout: () => AbortSignal,
): Promise<Hex> {
  if (signer.local) return signer.sign(digest)
  const signal = timeout()
  const ended = Promise.withResolvers<never>()
  const end = () => ended.reject(new SignTimeoutError())
  if (signal.aborted) end()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await Promise.race([signer.sign(digest, signal), ended.promise])
  } catch (error) {
    // Who heeds the signal fails by it, and means the same.
    throw signal.aborted ? new SignTimeoutError() : error
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** A key did not answer in time. */
export class SignTimeoutError extends Error {
  override name = 'SignTimeoutError'

  constructor() {
    super('it gave no answer in time')
  }
}
