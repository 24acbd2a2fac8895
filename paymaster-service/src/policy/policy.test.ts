import { getAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { defaultMarketplacePolicy } from './defaultMarketplacePolicy.ts'
import { PolicyInvalidError, parsePolicy } from './policy.ts'

const fab = getAddress(`0x${'a'.repeat(40)}`)
const factory = getAddress(`0x${'b'.repeat(40)}`)
const document = defaultMarketplacePolicy({
  chainId: 1,
  entryPoints: [fab],
  marketplace: fab,
  registry: fab,
  fab,
  usdc: fab,
  factories: [factory],
  accounts: { codeHash: zeroHash, implementations: [fab] },
  budgetWei: 1_000n,
  operationWei: 1_000n,
  maxFeePerGas: 1_000n,
  userDayWei: 1_000n,
})

describe('parsePolicy', () => {
  test('equal documents in another order have one hash; a change has another', () => {
    const reordered = Object.fromEntries(Object.entries(document).reverse())
    expect(parsePolicy(reordered).hash).toBe(parsePolicy(document).hash)
    expect(parsePolicy({ ...document, version: 2 }).hash).not.toBe(parsePolicy(document).hash)
    expect(parsePolicy(document).onChainHash).toHaveLength(34)
    expect(parsePolicy(document).hash).not.toBe(zeroHash)
  })

  test('the letter case of addresses does not change the hash', () => {
    const lower = {
      ...document,
      factories: [{ address: factory.toLowerCase(), shape: 'fabstir' }],
    }
    expect(parsePolicy(lower).hash).toBe(parsePolicy(document).hash)
  })

  test.each([
    { name: 'an unknown member', changes: { budgets: 1 }, field: '' },
    {
      name: 'wei as a number',
      changes: { caps: { global: { wei: 1, window: 'never' } } },
      field: 'caps.global.wei',
    },
    {
      name: 'an unknown window',
      changes: { caps: { global: { wei: '1', window: 'year' } } },
      field: 'caps.global.window',
    },
    {
      name: 'a short address',
      changes: { factories: [{ address: '0x12', shape: 'fabstir' }] },
      field: 'factories.0.address',
    },
    { name: 'another schema', changes: { schema: 2 }, field: 'schema' },
    { name: 'no budget', changes: { caps: {} }, field: 'caps.global' },
    {
      name: 'a function without parentheses',
      changes: { calls: [{ target: fab, functions: ['approve'] }] },
      field: 'calls.0.functions.0',
    },
  ])('it names the field of $name', ({ changes, field }) => {
    const parse = () => parsePolicy({ ...document, ...changes })
    expect(parse).toThrow(PolicyInvalidError)
    expect(parse).toThrow(field)
  })
})
