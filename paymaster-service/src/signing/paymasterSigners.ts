import type { Logger } from 'pino'
import type { Address, Hash, Hex } from 'viem'
import { keccak256, stringToHex } from 'viem'
import { sameAddress } from '../addresses/sameAddress.ts'
import { boundedSign } from './boundedSign.ts'
import type { Signer } from './signer.ts'
import { createSignerTroubles } from './signerTroubles.ts'

/** Signs for paymasters, each with a live key that its contract knows. */
export type PaymasterSigners = {
  /**
   * By the first key that does: one that fails or hangs leaves it to the other.
   * @throws SignerUnavailableError when no live key is a signer of the paymaster, or none signs.
   */
  sign(digest: Hash, paymaster: Address): Promise<Hex>
  /** Signs at once; `undefined` where the key is elsewhere, or {@link PaymasterSigners.sign} has to look for one. */
  signNow(digest: Hash, paymaster: Address): Hex | undefined
  /** The key that signs for a paymaster; looks for keys that came later when none that is known does, or when told. */
  signerOf(paymaster: Address, options?: { lookAgain?: boolean }): Promise<Signer | undefined>
  /** Addresses of the live keys. */
  live(): Promise<readonly Address[]>
  /** Why nothing can be signed for a paymaster, in words. Whoever asks has keys that failed tried again. */
  problemOf(paymaster: Address): Promise<string | undefined>
}

export type PaymasterSignersParameters = {
  /** Live keys; the first that a paymaster knows signs for it. Called again for keys that came later. */
  load: () => Promise<readonly Signer[]>
  /** The two signers that a SponsorPaymaster was deployed with: they never change. */
  signersOf: (paymaster: Address) => Promise<readonly Address[]>
  /** Whether somebody said that the key must sign no more. */
  isRevoked: (signer: Address) => boolean
  /** A signal that ends one attempt of a key which is elsewhere. */
  timeout: () => AbortSignal
  /** Milliseconds that never go back. */
  now: () => number
  log: Pick<Logger, 'error' | 'info'>
}

/** Milliseconds between two looks for keys that came later. */
const lookMs = 5_000
/** What a key signs to show that it does: no operation has this digest. */
const probeDigest = keccak256(stringToHex('fabstir-paymaster: does this key sign?'))

/** Keys are loaded with the first signature, or before by `signerOf`. */
export function createPaymasterSigners({
  load,
  signersOf,
  isRevoked,
  timeout,
  now,
  log,
}: PaymasterSignersParameters): PaymasterSigners {
  const known = new Map<Address, readonly Address[]>()
  const troubles = createSignerTroubles(now)
  const probing = new Set<Address>()
  let keys: Promise<readonly Signer[]> | undefined
  /** Those of `keys` that were loaded last. */
  let ready: readonly Signer[] = []

  async function contractSigners(paymaster: Address): Promise<readonly Address[]> {
    const before = known.get(paymaster)
    if (before) return before
    const read = await signersOf(paymaster)
    // Where there is no contract yet, one may be deployed.
    if (read.length > 0) known.set(paymaster, read)
    return read
  }

  /** Requests of the same moment share one look: deriving a key takes half a second. */
  function loaded(again: boolean): Promise<readonly Signer[]> {
    if (keys && !again) return keys
    const loading = load()
    keys = loading
    loading.then(
      (found) => {
        ready = found
      },
      () => {
        if (keys === loading) keys = undefined
      },
    )
    return loading
  }

  const among = (signers: readonly Signer[], addresses: readonly Address[]) =>
    signers.filter(
      ({ address }) =>
        !isRevoked(address) && addresses.some((other) => sameAddress(other, address)),
    )

  let lookedAt = Number.NEGATIVE_INFINITY

  /** Live keys of a paymaster, in the order of the options. */
  async function keysOf(paymaster: Address, lookAgain: boolean): Promise<readonly Signer[]> {
    const addresses = await contractSigners(paymaster)
    const found = among(await loaded(false), addresses)
    if (!lookAgain && (found.length > 0 || now() - lookedAt < lookMs)) return found
    lookedAt = now()
    return among(await loaded(true), addresses)
  }

  async function attempt(signer: Signer, digest: Hash): Promise<Hex> {
    const { address } = signer
    try {
      const signature = await boundedSign(signer, digest, timeout)
      if (troubles.signed(address)) log.info({ signer: address }, 'a signing key signs again')
      return signature
    } catch (error) {
      if (troubles.failed(address, error))
        log.error({ err: error, signer: address }, 'a signing key does not sign')
      throw error
    }
  }

  function probe(signer: Signer) {
    if (probing.has(signer.address)) return
    probing.add(signer.address)
    // What came of it is remembered and logged.
    attempt(signer, probeDigest)
      .catch(() => undefined)
      .finally(() => probing.delete(signer.address))
  }

  const reasonOf = (paymaster: Address, signers: readonly Signer[]) => {
    const reasons = signers.flatMap(({ address }) => troubles.of(address) ?? [])
    return signers.length === 0
      ? `no live key is a signer of the paymaster ${paymaster}`
      : `nothing is signed for the paymaster ${paymaster}: ${reasons.join(', ')}`
  }

  return {
    async signerOf(paymaster, { lookAgain = false } = {}) {
      const signers = await keysOf(paymaster, lookAgain)
      return troubles.inOrder(signers)[0] ?? signers[0]
    },
    live: async () =>
      (await loaded(false)).map(({ address }) => address).filter((address) => !isRevoked(address)),
    async sign(digest, paymaster) {
      const signers = await keysOf(paymaster, false)
      for (const signer of troubles.inOrder(signers)) {
        const signature = await attempt(signer, digest).catch(() => undefined)
        if (signature !== undefined) return signature
      }
      throw new SignerUnavailableError(reasonOf(paymaster, signers))
    },
    async problemOf(paymaster) {
      const signers = await keysOf(paymaster, false)
      const failing = signers.filter(({ address }) => troubles.of(address) !== undefined)
      // Without requests, which the one who asks may send elsewhere, nobody would see it come back.
      for (const signer of troubles.inOrder(failing)) probe(signer)
      return failing.length === signers.length ? reasonOf(paymaster, signers) : undefined
    },
    signNow(digest, paymaster) {
      const [signer] = troubles.inOrder(among(ready, known.get(paymaster) ?? []))
      try {
        return signer?.signNow?.(digest)
      } catch {
        // `sign` tries it again, remembers what came of it, and goes on to the other key.
        return undefined
      }
    },
  }
}

/** No key signs for a paymaster. */
export class SignerUnavailableError extends Error {
  override name = 'SignerUnavailableError'
}
