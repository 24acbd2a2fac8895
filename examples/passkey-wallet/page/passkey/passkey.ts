import type { Hex } from 'viem'

/** A passkey as the page knows it: where to find it, and whose account it owns. */
export type Passkey = {
  /** Of the credential. */
  id: string
  /** 64 bytes x ‖ y. */
  publicKey: Hex
}

const storageKey = 'fabstir.passkeys'

/** Public keys of passkeys that were made or used in this browser, by credential. */
export function knownPasskeys(): Readonly<Record<string, Hex>> {
  const text = localStorage.getItem(storageKey)
  return text ? JSON.parse(text) : {}
}

export function rememberPasskey({ id, publicKey }: Passkey): void {
  localStorage.setItem(storageKey, JSON.stringify({ ...knownPasskeys(), [id]: publicKey }))
}
