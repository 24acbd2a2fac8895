import { blake3 } from '@noble/hashes/blake3.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { ContentIdError, ContentMismatchError } from '../errors/content.ts'

/** Codecs and hashes of the multicodec table. */
const rawCodec = 0x55
const sha256Code = 0x12
const blake3Code = 0x1e

const hashes: Readonly<Record<number, (content: Uint8Array) => Uint8Array>> = {
  [sha256Code]: sha256,
  [blake3Code]: blake3,
}

/**
 * Id of content on IPFS: CIDv1 of one raw block by SHA-256. `ipfs add --cid-version=1 --raw-leaves` gives the same to
 * whatever fits into a block.
 * @example
 * toContentId('hello') // 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq'
 */
export function toContentId(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return CID.createV1(rawCodec, create(sha256Code, sha256(bytes))).toString()
}

/**
 * The id in its one canonical form.
 * @throws {ContentIdError} When it is none, or not of one raw block.
 */
export function parseContentId(text: string): { cid: string } {
  const cid = parseCid(text)
  if (cid.code !== rawCodec)
    throw new ContentIdError({
      cid: text,
      problem: `its codec is 0x${cid.code.toString(16)}, a tree of blocks, which heliaStore reads`,
    })
  const { code, digest } = cid.multihash
  if (!hashes[code] || digest.length !== 32)
    throw new ContentIdError({
      cid: text,
      problem: `its hash 0x${code.toString(16)} of ${digest.length} bytes is neither SHA-256 nor BLAKE3`,
    })
  return { cid: cid.toString() }
}

/** @throws {ContentIdError} */
export function parseCid(text: string): CID {
  try {
    return CID.parse(text)
  } catch {
    throw new ContentIdError({ cid: text, problem: 'it is no CID' })
  }
}

/**
 * Content of one raw block that is what the id names.
 * @throws {ContentMismatchError} When it is not.
 */
export function checkContent(text: string, content: Uint8Array): Uint8Array {
  parseContentId(text)
  return checkBlock(parseCid(text), content)
}

/** A block, of whatever codec, that is what its id names. */
export function checkBlock(cid: CID, block: Uint8Array): Uint8Array {
  const { code, digest } = cid.multihash
  const hash = hashes[code]?.(block)
  if (!hash || !equalBytes(hash, digest))
    throw new ContentMismatchError({ cid: cid.toString(), problem: 'its hash is another one' })
  return block
}

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
