import { size, slice } from 'viem'
import { expect, test } from 'vitest'
import { testOperation } from '../testing/pooledOperation.ts'
import { asSigned } from './preVerificationGas.ts'

const signed = (bytes: number) =>
  asSigned(testOperation({ signature: `0x${'00'.repeat(bytes)}` })).signature

test('a signature is filled with as many bytes as the dummy has, none of them zero, the same every time', () => {
  const long = signed(65_000)
  expect(size(long)).toBe(65_000)
  expect(long.slice(2).match(/../g)).not.toContain('00')
  expect(signed(65_000)).toBe(long)
  for (const bytes of [1, 31, 32, 33, 65]) expect(signed(bytes)).toBe(slice(long, 0, bytes))
  expect(signed(0)).toBe('0x')
})
