import type { ValidationData } from '@fabstir/erc4337'
import { describe, expect, test } from 'vitest'
import { checkValidity } from './validity.ts'

const always: ValidationData = {
  unit: 'seconds',
  signatureFailed: false,
  aggregator: undefined,
  validAfter: 0,
  validUntil: 0,
}
const at = (blockNumber = 0) => ({
  reader: { request: async () => `0x${blockNumber.toString(16)}` },
  nowSeconds: 1000,
  minValiditySeconds: 30,
})

describe('seconds', () => {
  test.each([
    { validAfter: 1000, validUntil: 0 },
    { validAfter: 0, validUntil: 1030 },
  ])('at 1000: $validAfter to $validUntil is accepted', async (range) => {
    const validity = await checkValidity(
      { account: { ...always, ...range }, paymaster: always },
      at(),
    )
    expect(validity).toEqual(range)
  })

  test.each([
    { validAfter: 1001, validUntil: 0 },
    { validAfter: 0, validUntil: 1029 },
    { validAfter: 0, validUntil: 999 },
  ])('at 1000: $validAfter to $validUntil is rejected', async (range) => {
    await expect(
      checkValidity({ account: { ...always, ...range }, paymaster: always }, at()),
    ).rejects.toMatchObject({ code: -32503, data: { aaCode: 'AA22', entity: 'account' } })
    await expect(
      checkValidity({ account: always, paymaster: { ...always, ...range } }, at()),
    ).rejects.toMatchObject({ code: -32503, data: { aaCode: 'AA32', entity: 'paymaster' } })
  })

  test('account and paymaster both bound it', async () => {
    const account = { ...always, validAfter: 10, validUntil: 5000 }
    const paymaster = { ...always, validAfter: 20, validUntil: 4000 }
    expect(await checkValidity({ account, paymaster }, at())).toEqual({
      validAfter: 20,
      validUntil: 4000,
    })
  })
})

describe('blocks', () => {
  const blocks = { ...always, unit: 'blocks' as const, validAfter: 10, validUntil: 20 }

  test.each([{ block: 10 }, { block: 18 }])(
    'block $block of 10 to 20 is accepted',
    async ({ block }) => {
      const paymaster = { ...always, validUntil: 4000 }
      expect(await checkValidity({ account: blocks, paymaster }, at(block))).toEqual({
        validAfter: 0,
        validUntil: 4000,
        validUntilBlock: 20,
      })
    },
  )

  test.each([{ block: 9 }, { block: 19 }])(
    'block $block of 10 to 20 is rejected',
    async ({ block }) => {
      await expect(
        checkValidity({ account: always, paymaster: blocks }, at(block)),
      ).rejects.toMatchObject({ code: -32503, data: { aaCode: 'AA37' } })
    },
  )
})
