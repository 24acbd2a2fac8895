import { blake3 } from '@noble/hashes/blake3.js'
import { base16 } from 'multiformats/bases/base16'
import { base32 } from 'multiformats/bases/base32'
import { base58btc } from 'multiformats/bases/base58'
import { base64url } from 'multiformats/bases/base64'
import { ContentIdError, ContentMismatchError } from '../errors/content.ts'
import { equalBytes } from './contentId.ts'

/** What an id of S5 says of a blob. */
export type S5Blob = { hash: Uint8Array; size: number }

/** Beginnings of the ids: of a blob in the clear by BLAKE3, and of a raw file as older nodes write it. */
const blobPrefix = [0x5b, 0x82, 0x1e]
const rawPrefix = [0x26, 0x1f]

const hashLength = 32
const maxSizeBytes = 6

/**
 * Id of a blob on S5: its BLAKE3 hash and its size, in base32.
 * @example
 * toS5Id('hello') // 'blobb5ku…'
 */
export function toS5Id(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const size: number[] = []
  for (let rest = bytes.length; rest > 0; rest = Math.floor(rest / 256)) size.push(rest % 256)
  return base32.encode(Uint8Array.from([...blobPrefix, ...blake3(bytes), ...size]))
}

/**
 * Hash and size in an id of S5, in any of its bases.
 * @throws {ContentIdError} When it is none, or of something else than a blob in the clear by BLAKE3.
 */
export function parseS5Id(cid: string): S5Blob {
  const bytes = decodeBase(cid)
  const prefix = [blobPrefix, rawPrefix].find((beginning) =>
    beginning.every((byte, index) => bytes[index] === byte),
  )
  const size = bytes.subarray((prefix?.length ?? 0) + hashLength)
  if (!prefix || bytes.length < prefix.length + hashLength || size.length > maxSizeBytes)
    throw new ContentIdError({ cid, problem: 'it names no blob of S5 by BLAKE3' })
  return {
    hash: bytes.slice(prefix.length, prefix.length + hashLength),
    size: size.reduceRight((sum, byte) => sum * 256 + byte, 0),
  }
}

/** @throws {ContentMismatchError} When the content is not what the id names. */
export function checkS5Content(cid: string, content: Uint8Array): Uint8Array {
  const { hash, size } = parseS5Id(cid)
  if (content.length !== size)
    throw new ContentMismatchError({
      cid,
      problem: `it has ${content.length} bytes and not ${size}`,
    })
  if (!equalBytes(blake3(content), hash))
    throw new ContentMismatchError({ cid, problem: 'its hash is another one' })
  return content
}

function decodeBase(cid: string): Uint8Array {
  const bases = [base16, base32, base58btc, base64url]
  const base = bases.find(({ prefix }) => cid.startsWith(prefix))
  try {
    if (base) return base.decode(cid)
  } catch {
    // The same problem as an unknown base.
  }
  throw new ContentIdError({ cid, problem: 'it is in none of the bases of S5' })
}
