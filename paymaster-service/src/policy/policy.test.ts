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
    { name: 'an unknown member', changes: { budgets: 1 }, field: '"budgets"' },
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
      name: 'a factory without a shape',
      changes: { factories: [{ address: factory }] },
      field: 'factories.0.shape',
    },
    {
      name: 'an unknown shape',
      changes: { delegates: [{ address: fab, shape: 'biconomy' }] },
      field: 'delegates.0.shape',
    },
    {
      name: 'a factory with two shapes',
      changes: {
        factories: [
          { address: factory, shape: 'fabstir' },
          { address: factory, shape: 'coinbase' },
        ],
      },
      field: 'factories.1.shape',
    },
    {
      name: 'one code with two shapes',
      changes: {
        accounts: [
          { shape: 'kernel-3', codeHash: zeroHash, implementations: [factory, fab] },
          { shape: 'coinbase', codeHash: zeroHash, implementations: [fab] },
        ],
        validators: [fab],
      },
      field: 'accounts.1.shape',
    },
    {
      name: 'a modular account without validators',
      changes: { delegates: [{ address: fab, shape: 'erc7579' }] },
      field: 'delegates.0.shape',
    },
    {
      name: 'a Safe without its parts',
      changes: { accounts: [{ shape: 'safe-4337', codeHash: zeroHash }] },
      field: 'accounts.0',
    },
    {
      name: 'a Safe as a delegate',
      changes: {
        delegates: [{ address: fab, shape: 'safe-4337' }],
        safe: { singletons: [fab], modules: [fab] },
      },
      field: 'delegates.0.shape',
    },
    {
      name: 'an origin with a path',
      changes: { origins: ['https://app.example/'] },
      field: 'origins.0',
    },
    {
      name: 'a webhook in clear',
      changes: { willSponsor: { url: 'http://app.example/may-i' } },
      field: 'willSponsor.url',
    },
    {
      name: 'a webhook with a password',
      changes: { willSponsor: { url: 'https://user:pass@app.example/' } },
      field: 'willSponsor.url',
    },
    {
      name: 'a rate of nothing',
      changes: { rate: { user: { requests: 0, seconds: 1 } } },
      field: 'rate.user.requests',
    },
    {
      name: 'a condition without a meaning',
      changes: {
        calls: [
          {
            target: fab,
            functions: ['approve(address,uint256)'],
            arguments: [{ index: 2, equals: fab }],
          },
        ],
      },
      field: 'calls.0.functions.0',
    },
    {
      name: 'a condition of nothing',
      changes: {
        calls: [
          { target: fab, functions: ['approve(address,uint256)'], arguments: [{ index: 0 }] },
        ],
      },
      field: 'calls.0.arguments.0',
    },
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
