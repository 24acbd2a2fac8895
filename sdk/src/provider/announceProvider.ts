import type { EIP1193Provider } from 'viem'
import { FabstirError } from '../errors/base.ts'

/** How a wallet shows itself (EIP-6963). */
export type ProviderInfo = {
  /** Of this page's life; a new one by default. */
  uuid?: string | undefined
  name: string
  /** Square image as a data URI. */
  icon: `data:image/${string}`
  /** Reverse domain name of the wallet, like `com.fabstir.wallet`. */
  rdns: string
}

export type AnnounceProviderParameters = {
  provider: EIP1193Provider
  info: ProviderInfo
  /** Where it is announced; the page's `window` by default. */
  target?: EventTarget | undefined
}

/** What a wallet says of itself is not as EIP-6963 wants it. */
export class ProviderInfoError extends FabstirError {
  override name = 'ProviderInfoError'
  field: keyof ProviderInfo

  constructor({ field, rule }: { field: keyof ProviderInfo; rule: string }) {
    super(`The wallet's ${field} ${rule}.`)
    this.field = field
  }
}

/**
 * Announces a provider to the apps of a page, now and whenever one asks (EIP-6963).
 * @returns Ends it.
 * @throws {ProviderInfoError} When a field is missing or malformed.
 * @example
 * const stop = announceProvider({
 *   provider, info: { name: 'Fabstir', icon: 'data:image/svg+xml,…', rdns: 'com.fabstir.wallet' },
 * })
 */
export function announceProvider({
  provider,
  info: { uuid = crypto.randomUUID(), name, icon, rdns },
  target = globalThis as unknown as EventTarget,
}: AnnounceProviderParameters): () => void {
  if (name === '') throw new ProviderInfoError({ field: 'name', rule: 'is empty' })
  if (!icon.startsWith('data:image/'))
    throw new ProviderInfoError({ field: 'icon', rule: 'is no image as a data URI' })
  if (!/^[a-z\d-]+(\.[a-z\d-]+)+$/i.test(rdns))
    throw new ProviderInfoError({ field: 'rdns', rule: 'is no reverse domain name' })

  const detail = Object.freeze({ info: Object.freeze({ uuid, name, icon, rdns }), provider })
  const announce = () =>
    target.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  target.addEventListener('eip6963:requestProvider', announce)
  announce()
  return () => target.removeEventListener('eip6963:requestProvider', announce)
}
