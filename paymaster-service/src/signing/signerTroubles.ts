import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import { SignTimeoutError } from './boundedSign.ts'
import type { Signer } from './signer.ts'

/** Which keys do not sign at the moment, by what came of their last attempts. */
export type SignerTroubles = {
  /** Those that are worth an attempt, those without trouble first. One that hung is not tried again for some seconds. */
  inOrder(signers: readonly Signer[]): readonly Signer[]
  /** Why a key does not sign, in words that show nothing of where it is; `undefined` when it does. */
  of(signer: Address): string | undefined
  /** A key failed. @returns Whether it signed until now. */
  failed(signer: Address, error: unknown): boolean
  /** A key signed. @returns Whether it did not until now. */
  signed(signer: Address): boolean
}

/** Milliseconds in which a key that hung is not asked: each request would wait as long, and hold back a budget. */
const pauseMs = 5_000

/** @param now Milliseconds that never go back. */
export function createSignerTroubles(now: () => number): SignerTroubles {
  const troubles = new Map<Address, { at: number; isTimeout: boolean }>()
  const isPaused = ({ address }: Signer) => {
    const trouble = troubles.get(address)
    return trouble?.isTimeout === true && now() - trouble.at < pauseMs
  }
  return {
    inOrder(signers) {
      if (troubles.size === 0) return signers
      const able = signers.filter((signer) => !isPaused(signer))
      return [
        ...able.filter(({ address }) => !troubles.has(address)),
        ...able.filter(({ address }) => troubles.has(address)),
      ]
    },
    of(signer) {
      const found = [...troubles].find(([address]) => isAddressEqual(address, signer))
      if (!found) return undefined
      const [address, { isTimeout }] = found
      return isTimeout
        ? `the key ${address} gives no answer in time`
        : `the key ${address} cannot sign`
    },
    failed(signer, error) {
      const isNews = !troubles.has(signer)
      troubles.set(signer, { at: now(), isTimeout: error instanceof SignTimeoutError })
      return isNews
    },
    signed: (signer) => troubles.delete(signer),
  }
}
