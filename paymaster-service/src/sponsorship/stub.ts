import type { Hex } from 'viem'
import type { SignatureWindow } from '../ledger/ledger.ts'

/**
 * Signature of nobody's key over an unknown digest: it recovers like a real one, so estimation walks
 * the same path, and it has no zero byte, so the final data never costs more calldata gas.
 */
export const stubSignature: Hex =
  '0x4650f8b10160c03f601738325440fed1dcbfa379c9cf5491cecb2c7967b563f06c8bbcda7c13e14f45da64839a41139381b7f651f1363408907714c2d1b872821b'

/** Final data is asked for within this many seconds of the stub. */
const stubLifetime = 3_600
/** The low bytes need a shift of less than 1,024 seconds, the higher ones one beyond the end of the lifetime. */
const maxShift = 2 * stubLifetime + 1_024

/**
 * The window, moved to the nearest later place where its bounds have no more zero bytes than those of
 * any window of the next hour. That is some minutes at most, but for the hour in every 194 days in
 * which the third byte is about to change from zero.
 */
export function stubWindow({ validAfter, validUntil }: SignatureWindow): SignatureWindow {
  const afterBound = leastHighZeros(validAfter)
  const untilBound = leastHighZeros(validUntil)
  for (let shift = 0; shift < maxShift; shift++) {
    const shifted = { validAfter: validAfter + shift, validUntil: validUntil + shift }
    if (fits(shifted.validAfter, afterBound) && fits(shifted.validUntil, untilBound)) return shifted
  }
  return { validAfter, validUntil }
}

function fits(time: number, bound: number): boolean {
  return isZeroByte(time, 0) + isZeroByte(time, 1) === 0 && highZeros(time) <= bound
}

function leastHighZeros(time: number): number {
  return Math.min(highZeros(time), highZeros(time + stubLifetime))
}

/** Zero bytes among the third and fourth; the two above are zero until 2106. */
function highZeros(time: number): number {
  return isZeroByte(time, 2) + isZeroByte(time, 3)
}

function isZeroByte(time: number, position: number): 0 | 1 {
  return ((time >>> (8 * position)) & 0xff) === 0 ? 1 : 0
}
