import { hash, timingSafeEqual } from 'node:crypto'

/** A key that was just made: the only moment at which it is known. */
export type NewApiKey = {
  /** Public part: what the key is found by and what lists and logs show. */
  id: string
  /** What the app sends. */
  key: string
  /** What is stored. */
  hash: string
}

/** 8 bytes name a key, 32 are its secret: guessing one takes 2^256 tries, so a fast hash hides it. */
const idBytes = 8
const secretBytes = 32

const issuedKey = /^fpk_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/

/**
 * Makes a key of the form `fpk_<id>_<secret>`.
 * @param random Bytes that nobody can foresee, like `crypto.randomBytes`.
 */
export function newApiKey(random: (size: number) => Uint8Array): NewApiKey {
  const id = Buffer.from(random(idBytes)).toString('hex')
  const key = `fpk_${id}_${Buffer.from(random(secretBytes)).toString('base64url')}`
  return { id, key, hash: hashApiKey(key) }
}

/** The id inside an issued key; `undefined` for whatever else was sent. */
export function idOfApiKey(key: string): string | undefined {
  return issuedKey.exec(key)?.[1]
}

/** What is stored in place of a key: sha256, hex. */
export function hashApiKey(key: string): string {
  return hash('sha256', key, 'hex')
}

/** Whether `hash` is the hash of `key`. How long it takes tells nothing about where they differ. */
export function matchesHash(key: string, hash: string): boolean {
  const given = Buffer.from(hashApiKey(key), 'hex')
  const stored = Buffer.from(hash, 'hex')
  return stored.length === given.length && timingSafeEqual(given, stored)
}
