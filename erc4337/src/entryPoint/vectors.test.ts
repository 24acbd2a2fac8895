import { readFileSync } from 'node:fs'
import type { Hex } from 'viem'
import { size } from 'viem'
import { describe, expect, test } from 'vitest'
import type { UserOperation } from '../userOperation.ts'
import type { EntryPointVersion } from './adapter.ts'
import { entryPointAdapters } from './registry.ts'

/** Recorded from the real EntryPoints by scripts/recordVectors.ts. */
const readVectors = <vector>(file: string): vector[] =>
  JSON.parse(readFileSync(new URL(`../../../test/vectors/${file}`, import.meta.url), 'utf8'))

const adapterOf = (version: EntryPointVersion) => {
  const adapter = entryPointAdapters.find((candidate) => candidate.version === version)
  if (!adapter) throw new RangeError(version)
  return adapter
}

const amounts = [
  'nonce',
  'callGasLimit',
  'verificationGasLimit',
  'preVerificationGas',
  'maxFeePerGas',
  'maxPriorityFeePerGas',
  'paymasterVerificationGasLimit',
  'paymasterPostOpGasLimit',
]
const parseOperation = (json: Record<string, unknown>): UserOperation =>
  Object.fromEntries(
    Object.entries(json).map(([field, value]) => [
      field,
      amounts.includes(field) ? BigInt(String(value)) : value,
    ]),
  ) as UserOperation

type HashVector = {
  name: string
  version: EntryPointVersion
  chainId: number
  op: Record<string, unknown>
  hash: Hex
}

const hashVectors = readVectors<HashVector>('userOpHash.json')

describe('hash', () => {
  test('all four versions were recorded', () => {
    expect(new Set(hashVectors.map(({ version }) => version))).toEqual(
      new Set(['0.6', '0.7', '0.8', '0.9']),
    )
  })

  test.each(hashVectors)('$version: $name', ({ version, chainId, op, hash }) => {
    expect(adapterOf(version).hash(parseOperation(op), chainId)).toBe(hash)
  })
})

type RevertVector = { name: string; version: EntryPointVersion; aaCode: string; data: Hex }

describe('decodeRevert', () => {
  test.each(readVectors<RevertVector>('entryPointReverts.json'))(
    '$version $aaCode: $name',
    ({ version, aaCode, data }) => {
      const revert = adapterOf(version).decodeRevert(data)
      if (aaCode === '') {
        expect(revert).toEqual({ kind: 'unknown', data: '0x' })
      } else if (revert.kind === 'failedOp') {
        expect(revert).toMatchObject({ opIndex: 0, aaCode })
      } else {
        expect(revert).toEqual({ kind: 'message', message: expect.stringMatching(`^${aaCode} `) })
      }
    },
  )

  test('the revert data of the account comes along since 0.7', () => {
    const vectors = readVectors<RevertVector>('entryPointReverts.json')
    const inner = (version: EntryPointVersion) => {
      const vector = vectors.find((entry) => entry.version === version && entry.aaCode === 'AA23')
      const revert = vector && adapterOf(version).decodeRevert(vector.data)
      return revert?.kind === 'failedOp' ? revert.inner : undefined
    }
    expect(inner('0.6')).toBeUndefined()
    expect(size(inner('0.7') ?? '0x')).toBe(36)
    expect(size(inner('0.9') ?? '0x')).toBe(36)
  })
})
