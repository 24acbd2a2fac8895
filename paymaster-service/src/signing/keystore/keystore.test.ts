import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decryptKeystore, encryptKeystore, parseKeystore } from './keystore.ts'

/** Test vector of the Web3 Secret Storage definition (version 3, scrypt). */
const published = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      n: 262_144,
      p: 8,
      r: 1,
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}
const publishedKey = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const key = `0x${'11'.repeat(32)}` as const
const cheap = { random: randomBytes, cost: { n: 16, r: 8, p: 1 } }
const parse = (value: unknown) => parseKeystore(JSON.stringify(value))

test('it opens the published test vector', async () => {
  expect(await decryptKeystore(parse(published), 'testpassword')).toBe(publishedKey)
}, 60_000)

test('what it writes it reads, with a password beyond ASCII', async () => {
  const keystore = await encryptKeystore(key, 'pässword "x"', cheap)
  expect(await decryptKeystore(parse(keystore), 'pässword "x"')).toBe(key)
  expect(JSON.stringify(keystore)).not.toContain(key.slice(2))
  expect(keystore.id).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  )
})

test('the standard cost is that of geth', async () => {
  const { crypto } = await encryptKeystore(key, 'password', { random: randomBytes })
  expect(crypto.kdfparams).toMatchObject({ n: 262_144, r: 8, p: 1 })
}, 60_000)

describe('refused with the reason', () => {
  test('another password', async () => {
    const keystore = await encryptKeystore(key, 'one', cheap)
    await expect(decryptKeystore(keystore, 'two')).rejects.toThrow('the password is another one')
  })

  test('a changed ciphertext', async () => {
    const keystore = await encryptKeystore(key, 'one', cheap)
    const crypto = { ...keystore.crypto, ciphertext: 'ab'.repeat(32) }
    await expect(decryptKeystore({ ...keystore, crypto }, 'one')).rejects.toThrow('was changed')
  })

  test('an address that is another key’s: it is outside of what is authenticated', async () => {
    const keystore = { ...(await encryptKeystore(key, 'one', cheap)), address: '22'.repeat(20) }
    await expect(decryptKeystore(keystore, 'one')).rejects.toThrow('is not that of the key')
  })

  test.each([
    { change: { version: 1 }, message: 'version' },
    { change: { crypto: { ...published.crypto, kdf: 'pbkdf2' } }, message: 'crypto.kdf' },
    { change: { crypto: { ...published.crypto, cipher: 'none' } }, message: 'crypto.cipher' },
    { change: { crypto: { ...published.crypto, mac: 'ab' } }, message: 'crypto.mac: expected 32' },
    {
      change: {
        crypto: {
          ...published.crypto,
          kdfparams: { ...published.crypto.kdfparams, n: 2 ** 30 },
        },
      },
      message: 'bytes of memory',
    },
    {
      change: {
        crypto: { ...published.crypto, kdfparams: { ...published.crypto.kdfparams, n: 100 } },
      },
      message: 'power of two',
    },
  ])('$message', ({ change, message }) => {
    expect(() => parse({ ...published, ...change })).toThrow(message)
  })

  test('what is no JSON', () => {
    expect(() => parseKeystore('{')).toThrow('expected JSON')
  })
})
