import type { Address, Hash, Hex } from 'viem'
import { isAddressEqual } from 'viem'
import type { Signer } from './signer.ts'

/** Signs for paymasters, each with a live key that its contract knows. */
export type PaymasterSigners = {
  /** @throws SignerUnavailableError when no live key is a signer of the paymaster. */
  sign(digest: Hash, paymaster: Address): Promise<Hex>
  /** Signs at once; `undefined` where the key is elsewhere, or {@link PaymasterSigners.sign} has to look for one. */
  signNow(digest: Hash, paymaster: Address): Hex | undefined
  /** The key that signs for a paymaster; looks for keys that came later when none that is known does, or when told. */
  signerOf(paymaster: Address, options?: { lookAgain?: boolean }): Promise<Signer | undefined>
  /** Addresses of the live keys. */
  live(): Promise<readonly Address[]>
}

export type PaymasterSignersParameters = {
  /** Live keys; the first that a paymaster knows signs for it. Called again for keys that came later. */
  load: () => Promise<readonly Signer[]>
  /** The two signers that a SponsorPaymaster was deployed with: they never change. */
  signersOf: (paymaster: Address) => Promise<readonly Address[]>
  /** Whether somebody said that the key must sign no more. */
  isRevoked: (signer: Address) => boolean
  /** Milliseconds that never go back. */
  now: () => number
}

/** Milliseconds between two looks for keys that came later. */
const lookMs = 5_000

/** Keys are loaded with the first signature, or before by `signerOf`. */
export function createPaymasterSigners({
  load,
  signersOf,
  isRevoked,
  now,
}: PaymasterSignersParameters): PaymasterSigners {
  const known = new Map<Address, readonly Address[]>()
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

  const find = (among: readonly Signer[], addresses: readonly Address[]) =>
    among.find(
      ({ address }) =>
        !isRevoked(address) && addresses.some((other) => isAddressEqual(other, address)),
    )

  let lookedAt = Number.NEGATIVE_INFINITY

  async function signerOf(paymaster: Address, { lookAgain = false } = {}) {
    const addresses = await contractSigners(paymaster)
    const signer = find(await loaded(false), addresses)
    if (!lookAgain && (signer || now() - lookedAt < lookMs)) return signer
    lookedAt = now()
    return find(await loaded(true), addresses)
  }

  return {
    signerOf,
    live: async () =>
      (await loaded(false)).map(({ address }) => address).filter((address) => !isRevoked(address)),
    async sign(digest, paymaster) {
      const signer = await signerOf(paymaster)
      if (!signer) throw new SignerUnavailableError(paymaster)
      return signer.sign(digest)
    },
    signNow: (digest, paymaster) => find(ready, known.get(paymaster) ?? [])?.signNow?.(digest),
  }
}

/** None of the live keys is a signer of the paymaster. */
export class SignerUnavailableError extends Error {
  override name = 'SignerUnavailableError'
  paymaster: Address

  constructor(paymaster: Address) {
    super(`no live key is a signer of the paymaster ${paymaster}`)
    this.paymaster = paymaster
  }
}
