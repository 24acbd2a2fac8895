import type { Address, Hex } from 'viem'
import { checksumAddress } from '../../addresses/checksumAddress.ts'

/**
 * Reads one ABI type in its canonical encoding, in which every offset is where the part before it
 * ends. So every byte is read once: pointers into shared bytes cannot make a small request a large
 * one, and no decoder on chain can read these bytes as something else.
 */
export type Codec<value> = {
  /** Hex digits of the value in place, or of the offset to it. */
  head: number
  /** Whether an offset stands in place of the value. */
  dynamic: boolean
  /** Reads at hex digit `start` of `data`, which has no `0x`. Throws {@link NotCanonicalError}. */
  read(data: string, start: number): { value: value; end: number }
}

/** Hex digits of an ABI word. */
export const wordDigits = 64
/** Hex digits of a selector with its `0x`. */
export const selectorDigits = 10

/** Any word, as 64 hex digits. */
export const word = staticWord((digits) => digits)

export const uint256 = staticWord((digits) => BigInt(`0x${digits}`))

export const uint8 = staticWord((digits) => numberOf(digits, 62))

export const address = staticWord((digits): Address => {
  if (!digits.startsWith('0'.repeat(24))) throw new NotCanonicalError()
  return checksumAddress(`0x${digits.slice(24)}`)
})

/** `bytes` or `string`: length, content and zeros up to the next word. */
export const bytes: Codec<Hex> = {
  head: wordDigits,
  dynamic: true,
  read(data, start) {
    const content = start + wordDigits
    const digits = 2 * numberAt(data, start)
    const end = content + wordDigits * Math.ceil(digits / wordDigits)
    if (end > data.length || /[^0]/.test(data.slice(content + digits, end)))
      throw new NotCanonicalError()
    return { value: `0x${data.slice(content, content + digits)}`, end }
  },
}

/** `type[]` with at most `most` elements. */
export function list<value>(codec: Codec<value>, most = Number.POSITIVE_INFINITY): Codec<value[]> {
  return {
    head: wordDigits,
    dynamic: true,
    read(data, start) {
      const count = numberAt(data, start)
      const elements = start + wordDigits
      // Before anything is made of the count: every element has a head of its own.
      if (count > most || elements + count * codec.head > data.length) throw new NotCanonicalError()
      return readSequence(Array<Codec<value>>(count).fill(codec), data, elements)
    },
  }
}

/** `type[length]` */
export function fixedList<value>(codec: Codec<value>, length: number): Codec<value[]> {
  return {
    head: codec.dynamic ? wordDigits : codec.head * length,
    dynamic: codec.dynamic,
    read(data, start) {
      if (start + codec.head * length > data.length) throw new NotCanonicalError()
      return readSequence(Array<Codec<value>>(length).fill(codec), data, start)
    },
  }
}

/** `(type, …)`, as an argument or as all of them. */
export function tuple<values extends readonly unknown[]>(
  ...members: { readonly [index in keyof values]: Codec<values[index]> }
): Codec<values> {
  const dynamic = members.some((member) => member.dynamic)
  return {
    head: dynamic ? wordDigits : headOf(members),
    dynamic,
    read(data, start) {
      const { value, end } = readSequence(members, data, start)
      return { value: value as unknown as values, end }
    },
  }
}

/** What all of `data` (hex digits) says; `undefined` when it is anything but canonical. */
export function decodeExactly<value>(codec: Codec<value>, data: string): value | undefined {
  try {
    const { value, end } = codec.read(data, 0)
    return end === data.length ? value : undefined
  } catch (error) {
    if (error instanceof NotCanonicalError) return undefined
    throw error
  }
}

/** One word that `read` takes or refuses. */
export function staticWord<value>(read: (digits: string) => value): Codec<value> {
  return {
    head: wordDigits,
    dynamic: false,
    read(data, start) {
      const end = start + wordDigits
      if (end > data.length) throw new NotCanonicalError()
      return { value: read(data.slice(start, end)), end }
    },
  }
}

/** The bytes are not the canonical encoding of the type. Never leaves {@link decodeExactly}. */
export class NotCanonicalError extends Error {
  override name = 'NotCanonicalError'
}

function readSequence<value>(members: readonly Codec<value>[], data: string, start: number) {
  let head = start
  let end = start + headOf(members)
  const value = members.map((member) => {
    const at = head
    head += member.head
    if (!member.dynamic) return member.read(data, at).value
    if (2 * numberAt(data, at) !== end - start) throw new NotCanonicalError()
    const tail = member.read(data, end)
    end = tail.end
    return tail.value
  })
  return { value, end }
}

function headOf(members: readonly { head: number }[]): number {
  return members.reduce((sum, { head }) => sum + head, 0)
}

/** A length, count or offset: below 2^32, as no request is that long. */
function numberAt(data: string, start: number): number {
  const end = start + wordDigits
  if (end > data.length) throw new NotCanonicalError()
  return numberOf(data.slice(start, end), 56)
}

function numberOf(digits: string, zeros: number): number {
  if (!digits.startsWith('0'.repeat(zeros))) throw new NotCanonicalError()
  return Number.parseInt(digits.slice(zeros), 16)
}
