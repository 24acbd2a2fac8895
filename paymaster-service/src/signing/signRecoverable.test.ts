import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SignRecoverable } from './signRecoverable.ts'
import { signByLibrary, signByWebAssembly } from './signRecoverable.ts'

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
/** Below the order of the curve, and not 0. */
const privateKeys = bytes32.filter(
  (key) => key.some((byte) => byte !== 0) && key.slice(0, 8).some((byte) => byte !== 255),
)
const signers: [string, SignRecoverable | undefined][] = [
  ['the library', signByLibrary],
  ['WebAssembly', signByWebAssembly],
]

test('the library and WebAssembly sign alike', () => {
  fc.assert(
    fc.property(privateKeys, bytes32, (key, digest) => {
      const [first, second] = signers.map(([, sign]) => sign?.(digest, key))
      const { signature, recid } = second ?? {}
      expect(signature).toHaveLength(64)
      // Without a library for this platform there is one signer.
      if (first)
        expect({ ...first, signature: [...first.signature] }).toEqual({
          recid,
          signature: [...(signature ?? [])],
        })
    }),
    { numRuns: 100 },
  )
})

test.each(signers.filter(([, sign]) => sign))('%s refuses what is no key', (_name, sign) => {
  const digest = new Uint8Array(32).fill(1)
  for (const byte of [0, 255]) expect(() => sign?.(digest, new Uint8Array(32).fill(byte))).toThrow()
  expect(() => sign?.(digest, new Uint8Array(31).fill(1))).toThrow()
})

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'the library is there where most services run',
  () => {
    expect(signByLibrary).toBeDefined()
  },
)
