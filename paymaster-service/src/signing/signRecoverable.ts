import { signRecoverable as signInWebAssembly } from 'tiny-secp256k1'

/** A signature, 64 bytes r and s with low s, and its recovery id. */
export type RecoverableSignature = { signature: Uint8Array; recid: number }

/**
 * Signs a digest, deterministically (RFC 6979).
 * @param digest 32 bytes.
 * @param key Private key, 32 bytes.
 * @throws When the key is none.
 */
export type SignRecoverable = (digest: Uint8Array, key: Uint8Array) => RecoverableSignature

/** libsecp256k1 in WebAssembly: for every platform. */
export const signByWebAssembly: SignRecoverable = (digest, key) => {
  const { signature, recoveryId } = signInWebAssembly(digest, key)
  return { signature, recid: recoveryId }
}

/** libsecp256k1 as a library of the platform; `undefined` where npm has none for it. */
export const signByLibrary: SignRecoverable | undefined = await loadLibrary()

async function loadLibrary(): Promise<SignRecoverable | undefined> {
  try {
    // Its main module would fall back to JavaScript.
    const library = await import('secp256k1/bindings.js')
    return library.default.ecdsaSign
  } catch {
    return undefined
  }
}

/** By the library where there is one: it takes 40 % of the time (decision 64). */
export const signRecoverable: SignRecoverable = signByLibrary ?? signByWebAssembly
