import type { UserOperation } from '@fabstir/erc4337'
import { numberToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { checkAuthorization, checkAuthorizationNonce } from './authorization.ts'

const owner = privateKeyToAccount(`0x${'01'.repeat(32)}`)
const stranger = privateKeyToAccount(`0x${'02'.repeat(32)}`)
const address = '0x4444444444444444444444444444444444444444'
const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Checks an authorization of a sender with nonce 7 on chain 31337. */
async function check(
  fields: { by?: typeof owner; chainId?: number; nonce?: number; upperHalf?: boolean } = {},
) {
  const { by = owner, chainId = 31_337, nonce = 7, upperHalf = false } = fields
  const { v: _, ...signed } = await by.signAuthorization({ address, chainId, nonce })
  const eip7702Auth = upperHalf
    ? {
        ...signed,
        s: numberToHex(curveOrder - BigInt(signed.s), { size: 32 }),
        yParity: 1 - (signed.yParity ?? 0),
      }
    : signed
  const op = { sender: owner.address, eip7702Auth } as unknown as UserOperation
  await checkAuthorization(op, 31_337)
  return checkAuthorizationNonce(op, { request: async () => '0x7' })
}

describe('checkAuthorization', () => {
  test.each([{}, { chainId: 0 }])('accepts what the chain applies: %o', async (fields) => {
    await expect(check(fields)).resolves.toBeUndefined()
  })

  test.each([
    { fields: { by: stranger }, code: -32602 },
    { fields: { chainId: 1 }, code: -32602 },
    { fields: { nonce: 6 }, code: -32500 },
    { fields: { nonce: 8 }, code: -32500 },
    // It recovers to the owner, but the chain skips it and the bundle reverts.
    { fields: { upperHalf: true }, code: -32602 },
  ])('refuses what the chain skips: $fields', async ({ fields, code }) => {
    await expect(check(fields)).rejects.toMatchObject({
      code,
      data: { rule: 'eip7702Auth' },
    })
  })
})
