import { createCipheriv, createDecipheriv, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import type { Address, Hex } from 'viem'
import { bytesToHex, concatBytes, getAddress, hexToBytes, keccak256 } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { z } from 'zod'

const hex = (bytes: number) =>
  z.string().regex(new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`), `expected ${bytes} bytes in hex`)

/** Most memory that a key derivation may take, bytes: geth's strongest takes 256 MiB and a little. */
const maxMemory = 2 ** 29

/** Bytes. */
const keyLength = 32

/** Web3 Secret Storage, version 3, with scrypt: what geth, foundry, ethers and web3 write. */
const keystoreSchema = z.object({
  version: z.literal(3),
  id: z.string().optional(),
  address: z
    .string()
    .regex(/^(0x)?[0-9a-fA-F]{40}$/, 'expected 20 bytes in hex')
    .optional(),
  crypto: z.object({
    cipher: z.literal('aes-128-ctr'),
    ciphertext: hex(32),
    cipherparams: z.object({ iv: hex(16) }),
    kdf: z.literal('scrypt'),
    kdfparams: z
      .object({
        dklen: z.literal(32),
        n: z
          .number()
          .int()
          .min(2)
          .refine((n) => Number.isInteger(Math.log2(n)), 'expected a power of two'),
        r: z.number().int().min(1),
        p: z.number().int().min(1).max(16),
        salt: z.string().regex(/^([0-9a-fA-F]{2})+$/, 'expected hex'),
      })
      .refine(
        ({ n, r }) => 128 * n * r < maxMemory,
        `expected less than ${maxMemory} bytes of memory`,
      ),
    mac: hex(32),
  }),
})

export type Keystore = z.output<typeof keystoreSchema>

/** Cost of the key derivation, as geth has it: some 256 MiB and half a second. */
const standardScrypt = { n: 2 ** 18, r: 8, p: 1 } as const

type Cost = { n: number; r: number; p: number }

const deriveInPool = promisify(
  (
    password: string,
    salt: Uint8Array,
    { n, r, p }: Cost,
    done: (error: Error | null, key: Buffer) => void,
  ) => scrypt(password, salt, keyLength, { N: n, r, p, maxmem: 2 * maxMemory }, done),
)

function derive(password: string, salt: Uint8Array, cost: Cost): Promise<Uint8Array> {
  const { n, r, p } = cost
  // RFC 7914 wants N < 2^(16 r) and OpenSSL holds to it; the format's own test vector, and what web3 libraries wrote after it, does not.
  if (n < 2 ** (16 * r)) return deriveInPool(password, salt, cost)
  return scryptAsync(password, salt, { N: n, r, p, dkLen: keyLength, maxmem: 2 * maxMemory })
}

/**
 * Reads a keystore file's text.
 * @throws KeystoreError naming the field and its rule.
 */
export function parseKeystore(text: string): Keystore {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new KeystoreError('expected JSON')
  }
  const parsed = keystoreSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new KeystoreError(
    parsed.error.issues
      .map(({ path, message }) => `${path.join('.') || 'keystore'}: ${message}`)
      .join('; '),
  )
}

/**
 * The private key of a keystore.
 * @throws KeystoreError when the password is another one or the file was changed.
 */
export async function decryptKeystore(keystore: Keystore, password: string): Promise<Hex> {
  const { kdfparams, ciphertext, cipherparams, mac } = keystore.crypto
  const derived = await derive(password, bytes(kdfparams.salt), kdfparams)
  if (!timingSafeEqual(macOf(derived, bytes(ciphertext)), bytes(mac)))
    throw new KeystoreError('the password is another one, or the file was changed')
  const decipher = createDecipheriv('aes-128-ctr', derived.subarray(0, 16), bytes(cipherparams.iv))
  const key = bytesToHex(concatBytes([decipher.update(bytes(ciphertext)), decipher.final()]))
  const address = privateKeyToAddress(key)
  if (keystore.address !== undefined && withPrefix(keystore.address) !== address)
    throw new KeystoreError(`address: ${keystore.address} is not that of the key, ${address}`)
  return key
}

/**
 * A keystore with a private key.
 * @param random 64 bytes or more a key: salt, initialisation vector, id.
 */
export async function encryptKeystore(
  privateKey: Hex,
  password: string,
  { random, cost = standardScrypt }: { random: (size: number) => Uint8Array; cost?: Cost },
): Promise<Keystore & { address: string }> {
  const [salt, iv] = [random(32), random(16)]
  const derived = await derive(password, salt, cost)
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = concatBytes([cipher.update(hexToBytes(privateKey)), cipher.final()])
  return {
    version: 3,
    id: uuid(random(16)),
    address: privateKeyToAddress(privateKey).slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      ciphertext: plainHex(ciphertext),
      cipherparams: { iv: plainHex(iv) },
      kdf: 'scrypt',
      kdfparams: { dklen: 32, ...cost, salt: plainHex(salt) },
      mac: plainHex(macOf(derived, ciphertext)),
    },
  }
}

/** keccak256 over the second half of the derived key and the ciphertext. */
function macOf(derived: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return keccak256(concatBytes([derived.subarray(16, 32), ciphertext]), 'bytes')
}

/** Version 4, RFC 9562. */
function uuid(random: Uint8Array): string {
  const digits = plainHex(random)
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 3) | 8).toString(16)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-')
}

function bytes(text: string): Uint8Array {
  return hexToBytes(`0x${text}`)
}

function plainHex(value: Uint8Array): string {
  return bytesToHex(value).slice(2)
}

function withPrefix(address: string): Address {
  return getAddress(address.startsWith('0x') ? address : `0x${address}`)
}

/** A keystore that cannot be used. */
export class KeystoreError extends Error {
  override name = 'KeystoreError'
}
