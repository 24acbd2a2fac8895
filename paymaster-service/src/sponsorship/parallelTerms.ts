import type { Hex } from 'viem'
import { concat, hexToNumber, numberToHex, size, slice } from 'viem'
import type { SignatureWindow } from '../ledger/ledger.ts'
import type { Refusal } from '../policy/refusal.ts'
import type { SponsorshipTerms } from '../signing/sponsoredOperation.ts'

/** policyHash (16 bytes), validAfter (6), validUntil (6): `paymasterData` where the signature stands apart (EntryPoint 0.9). */
const termsLength = 28

/** `paymasterData` of the parallel form: the account signs it, before or while the paymaster signs. */
export function encodeTerms({ policyHash, validAfter, validUntil }: SponsorshipTerms): Hex {
  return concat([
    policyHash,
    numberToHex(validAfter, { size: 6 }),
    numberToHex(validUntil, { size: 6 }),
  ])
}

/** `undefined` for data of another length: nothing that this service gave out. */
export function readTerms(paymasterData: Hex): SponsorshipTerms | undefined {
  if (size(paymasterData) !== termsLength) return undefined
  return {
    policyHash: slice(paymasterData, 0, 16),
    validAfter: hexToNumber(slice(paymasterData, 16, 22)),
    validUntil: hexToNumber(slice(paymasterData, 22, 28)),
  }
}

/**
 * Rule `parallel.window`: the account may have signed the terms, so they are taken as they are or not at all.
 * @param offered The window that would be offered now.
 * @param keepUntil Unix seconds until which a signature has to be good.
 */
export function checkTerms(
  { validAfter, validUntil }: SignatureWindow,
  offered: SignatureWindow,
  keepUntil: number,
): Refusal | undefined {
  // Chosen by the client: no longer than what is offered, so that a reservation is not held for longer.
  const longest = offered.validUntil - offered.validAfter
  const isOffered =
    validUntil >= keepUntil &&
    validUntil <= offered.validUntil &&
    validAfter <= offered.validAfter &&
    validUntil - validAfter === longest
  if (isOffered) return undefined
  return {
    rule: 'parallel.window',
    message: `parallel.window: paymasterData is good from ${validAfter} to ${validUntil}, expected ${longest} s that end between ${keepUntil} and ${offered.validUntil}: ask pm_getPaymasterStubData again`,
  }
}
