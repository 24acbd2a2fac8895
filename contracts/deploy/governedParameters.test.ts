import { type Address, pad, toFunctionSelector, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { type GovernedContract, governedParameters, governedSetters } from './governedParameters.ts'

const usdc: Address = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const contracts: readonly GovernedContract[] = [
  'marketplace',
  'registry',
  'reputation',
  'proofSystem',
  'dynamicPricing',
  'modelRegistry',
  'buyback',
  'timelock',
  'governor',
]
const addresses = Object.fromEntries(
  contracts.map((contract, index) => [contract, pad(`0x${index + 1}`, { size: 20 })]),
) as Record<GovernedContract, Address>

/** Arguments of a signature, tuples flattened: each is one word. */
const words = (signature: string) =>
  signature.slice(signature.indexOf('(')).replaceAll(/[()]/g, '').split(',').length

describe('governedSetters', () => {
  test.each(governedSetters({ usdc }))('$setter has one value for each argument', (entry) => {
    const keys = entry.key === undefined ? 0 : 1
    expect(words(entry.setter)).toBe(entry.values.length + keys)
    for (const { name, getter, minimum, maximum } of entry.values) {
      expect(minimum, name).toBeLessThan(maximum)
      expect(getter.endsWith('()'), getter).toBe(keys === 0)
    }
  })

  test('never lists a setter and key twice, nor a name of a setter', () => {
    const setters = governedSetters({ usdc })
    const ids = setters.map(({ contract, setter, key }) => `${contract} ${setter} ${key}`)
    expect(new Set(ids).size).toBe(ids.length)
    const names = setters.flatMap(({ contract, setter, values }) =>
      values.map(({ name }) => `${contract} ${setter} ${name}`),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  test('holds fees below 30 % and the delay at two days', () => {
    const values = governedSetters({ usdc }).flatMap((entry) => entry.values)
    const bounds = (name: string) => values.find((value) => value.name === name)
    expect(bounds('protocolFeeBps')?.maximum).toBe(2_000n)
    expect(bounds('stakersFeeBps')?.maximum).toBe(1_000n)
    expect(bounds('delay')?.minimum).toBe(172_800n)
  })
})

test('governedParameters has words where the setters have signatures', () => {
  const parameters = governedParameters({ addresses, usdc })
  const limits = parameters.filter(
    ({ selector }) => selector === toFunctionSelector('setTokenLimits(address,uint256,uint256)'),
  )
  expect(limits.map(({ target, keyed, key }) => ({ target, keyed, key }))).toEqual([
    { target: addresses.marketplace, keyed: true, key: pad(zeroAddress) },
    { target: addresses.marketplace, keyed: true, key: pad(usdc) },
  ])
  expect(limits[1]?.values[0]).toEqual({
    name: 'minDeposit(USDC)',
    getter: toFunctionSelector('tokenConfig(address)'),
    getterWord: 2,
    minimum: 100_000n,
    maximum: 100_000_000n,
  })
  expect(parameters.find(({ target }) => target === addresses.timelock)).toMatchObject({
    keyed: false,
    key: pad('0x'),
  })
})
