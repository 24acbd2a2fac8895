import fc from 'fast-check'
import { recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { localSigner } from './signer.ts'

const bytes32 = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}` as const)
/** Below the order of the curve, and not 0. */
const privateKeys = bytes32.filter((key) => /^0x(?!f{16})(?!0{64})/.test(key))

test('a local key signs exactly as viem does with the same key: RFC 6979, low s, v 27 or 28', async () => {
  await fc.assert(
    fc.asyncProperty(privateKeys, bytes32, async (privateKey, digest) => {
      const signer = localSigner(privateKey)
      const account = privateKeyToAccount(privateKey)
      expect(signer.address).toBe(account.address)
      const signature = await signer.sign(digest)
      expect(signature).toBe(await account.sign({ hash: digest }))
      expect(signer.signNow?.(digest)).toBe(signature)
      expect(await recoverAddress({ hash: digest, signature })).toBe(signer.address)
    }),
    { numRuns: 50 },
  )
})

test.each([
  { name: '0', key: `0x${'00'.repeat(32)}` as const },
  {
    name: 'the order of the curve',
    key: '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141' as const,
  },
])('$name is no key', ({ key }) => {
  expect(() => localSigner(key)).toThrow()
})
