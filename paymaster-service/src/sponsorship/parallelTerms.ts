import type { Hex } from 'viem'
import { concat, hexToNumber, isHex, numberToHex, size, slice } from 'viem'
import type { SignatureWindow } from '../ledger/ledger.ts'
import type { Policy } from '../policy/policy.ts'
import type { Refusal } from '../policy/refusal.ts'
import type { SponsorshipTerms } from '../signing/sponsoredOperation.ts'
import { encodePaymasterData } from '../signing/sponsoredOperation.ts'

/** policyHash (16 bytes), validAfter (6), validUntil (6): `paymasterData` where the signature stands apart. */
const termsLength = 28

/** Terms and signature as an operation carries them. */
export type SignedFields = {
  paymasterData: Hex
  /** EntryPoint 0.9, outside of the hash. */
  paymasterSignature?: Hex
}

/** In the parallel form the account signs the terms alone, before or while the paymaster signs. */
export function toSignedFields(
  terms: SponsorshipTerms & { signature: Hex },
  isParallel: boolean,
): SignedFields {
  if (!isParallel) return { paymasterData: encodePaymasterData(terms) }
  return { paymasterData: encodeTerms(terms), paymasterSignature: terms.signature }
}

export function encodeTerms({ policyHash, validAfter, validUntil }: SponsorshipTerms): Hex {
  return concat([
    policyHash,
    numberToHex(validAfter, { size: 6 }),
    numberToHex(validUntil, { size: 6 }),
  ])
}

/** `undefined` for data of another length: nothing that this service gave out. */
export function readTerms(paymasterData: Hex): SponsorshipTerms | undefined {
  if (!isHex(paymasterData) || size(paymasterData) !== termsLength) return undefined
  return {
    policyHash: slice(paymasterData, 0, 16),
    validAfter: hexToNumber(slice(paymasterData, 16, 22)),
    validUntil: hexToNumber(slice(paymasterData, 22, 28)),
  }
}

export type ChosenTerms =
  | { kind: 'chosen'; policies: readonly Policy[]; window: SignatureWindow }
  | { kind: 'refused'; refusal: Refusal }

/**
 * Rules `parallel.terms` and `parallel.window`: the account may have signed the terms, so they are taken as they are or
 * not at all.
 * @param policies Those that may pay.
 * @param offered The window that would be offered now.
 * @param keepUntil Unix seconds until which a signature has to be good.
 */
export function chooseTerms(
  paymasterData: Hex,
  policies: readonly Policy[],
  offered: SignatureWindow,
  keepUntil: number,
): ChosenTerms {
  const terms = readTerms(paymasterData)
  const named = policies.filter(({ onChainHash }) => onChainHash === terms?.policyHash)
  if (!terms || named.length === 0)
    return refuse(
      'parallel.terms',
      'paymasterData is not what pm_getPaymasterStubData answers for a policy in force: ask it again',
    )
  const { validAfter, validUntil } = terms
  // Chosen by the client: as long as what is offered, so that nothing is held back for longer.
  const length = offered.validUntil - offered.validAfter
  const isOffered =
    validUntil >= keepUntil &&
    validUntil <= offered.validUntil &&
    validUntil - validAfter === length
  if (isOffered) return { kind: 'chosen', policies: named, window: { validAfter, validUntil } }
  return refuse(
    'parallel.window',
    `paymasterData is good from ${validAfter} to ${validUntil}, expected ${length} s that end between ${keepUntil} and ${offered.validUntil}: ask pm_getPaymasterStubData again`,
  )
}

function refuse(rule: string, reason: string): Extract<ChosenTerms, { kind: 'refused' }> {
  return { kind: 'refused', refusal: { rule, message: `${rule}: ${reason}` } }
}
