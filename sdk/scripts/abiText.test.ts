import { readFile } from 'node:fs/promises'
import * as abis from '@fabstir/contracts/abi'
import { type Abi, parseAbiItem } from 'viem'
import { describe, expect, test } from 'vitest'
import { parseAbi } from '../src/contracts/parseAbi.ts'
import { errorLists, generatedFiles, withoutName } from './abiText.ts'

const files = generatedFiles()
const sources = new Map<string, Abi>(Object.entries(abis))

test.each(files)('$name.ts is that of the contracts', async ({ path, text }) => {
  expect(await readFile(path, 'utf8')).toBe(text)
})

/** Without what the text leaves out: names of Solidity types, `indexed: false`, empty names. */
const plain = (abi: Abi): unknown =>
  JSON.parse(
    JSON.stringify(abi, (key, value) =>
      key === 'internalType' || value === false || value === '' ? undefined : value,
    ),
  )
const byText = (items: unknown) =>
  (items as object[]).map((item) => JSON.stringify(sorted(item))).toSorted()
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** Functions have neither names of parameters nor what they do to the state. */
const slim = (item: Abi[number]) =>
  item.type === 'function'
    ? {
        ...item,
        stateMutability: 'nonpayable',
        inputs: item.inputs.map(withoutName),
        outputs: item.outputs.map(withoutName),
      }
    : item

describe('the text means what the ABI says', () => {
  test.each(files.filter(({ name }) => !name.endsWith('Errors')))(
    '$name',
    async ({ name, path }) => {
      const exports: Record<string, readonly string[]> = await import(path)
      const parsed = Object.values(exports).flatMap((signatures) => parseAbi(signatures))
      const items = (sources.get(`${name}Abi`) ?? []).filter(
        ({ type }) => type === 'function' || type === 'event',
      )
      expect(items.length).toBeGreaterThan(0)
      expect(byText(plain(parsed as Abi))).toEqual(byText(plain(items.map(slim) as Abi)))
    },
  )
})

describe('errors', () => {
  const lists = errorLists()

  test('of every contract are in one of the lists', () => {
    const errors = Object.values(abis).flatMap((abi: Abi) =>
      abi.filter((item) => item.type === 'error'),
    )
    const parsed = [...lists.values()]
      .flat()
      .map((signature) => parseAbiItem(`error ${signature}`) as (typeof errors)[number])
    const shape = ({ name, inputs }: (typeof errors)[number]) =>
      `${name}(${inputs.map(({ type }) => type)})`
    expect(new Set(parsed.map(shape))).toEqual(
      new Set([
        ...errors.map(shape),
        ...[
          'FailedOpWithRevert(uint256,string,bytes)',
          'PostOpReverted(bytes)',
          'DelegateAndRevert(bool,bytes)',
          'ExecuteError(uint256,bytes)',
          'Error(string)',
          'Panic(uint256)',
        ],
      ]),
    )
  })

  test.each([
    'DelegateAndRevert(bool,bytes)',
    'Panic(uint256)',
    'JobWrongStatus(uint256,uint8,uint8)',
    'SessionKeyNotActive(address)',
    'NodeRegistryAlreadyRegistered(address)',
    'ERC20InsufficientBalance(address,uint256,uint256)',
  ])('%s is known to everybody', (signature) => {
    expect(lists.get('commonErrors')).toContain(signature)
  })
})
