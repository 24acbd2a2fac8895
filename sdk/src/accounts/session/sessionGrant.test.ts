import { fabstirAccountAbi } from '@fabstir/contracts/abi'
import * as fc from 'fast-check'
import { decodeAbiParameters, getAbiItem, type Hex, slice } from 'viem'
import { describe, expect, test } from 'vitest'
import { encodeEnableSignature } from './enableSignature.ts'
import { fromGrantPolicy, toGrantPolicy } from './sessionGrant.ts'
import type { SessionPolicy } from './sessionPolicy.ts'

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((b): Hex => `0x${Buffer.from(b).toString('hex')}`)
const uint128 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n })
// Addresses without letters have no checksum form, so they come back from the ABI as they went in.
const address = fc.stringMatching(/^[0-9]{40}$/).map((digits): Hex => `0x${digits}`)

const policies: fc.Arbitrary<SessionPolicy> = fc.record({
  key: address,
  validAfter: fc.nat(),
  validUntil: fc.nat(),
  uses: fc.nat(),
  calls: fc.array(fc.record({ target: address, selector: hex(4) }), { maxLength: 3 }),
  limits: fc.array(fc.record({ token: address, perCall: uint128, total: uint128 }), {
    maxLength: 3,
  }),
  pins: fc.array(
    fc.record({
      target: address,
      selector: hex(4),
      index: fc.integer({ min: 0, max: 7 }),
      allowed: fc.array(hex(32), { maxLength: 3 }),
    }),
    { maxLength: 2 },
  ),
  payers: fc.array(address, { maxLength: 2 }),
  maxGasCost: uint128,
})

describe('a grant', () => {
  test('survives JSON', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(fromGrantPolicy(JSON.parse(JSON.stringify(toGrantPolicy(policy))))).toEqual(policy)
      }),
    )
  })

  test('stands whole in the signature that installs it', () => {
    const enable = {
      salt: `0x${'5a'.repeat(32)}`,
      deadline: 99,
      epoch: 3,
      ownerSignature: '0x00aa',
    } as const
    fc.assert(
      fc.property(policies, (policy) => {
        const signature = encodeEnableSignature({
          policy: toGrantPolicy(policy),
          enable,
          keySignature: '0x00bb',
        })
        expect(slice(signature, 0, 1)).toBe('0x10')
        const decoded = decodeAbiParameters(
          [
            ...getAbiItem({ abi: fabstirAccountAbi, name: 'addSessionKeyWithPolicy' }).inputs,
            { type: 'bytes32' },
            { type: 'uint48' },
            { type: 'uint32' },
            { type: 'bytes' },
            { type: 'bytes' },
          ],
          slice(signature, 1),
        )
        expect(decoded).toEqual([policy, enable.salt, 99, 3, '0x00aa', '0x00bb'])
      }),
    )
  })
})
