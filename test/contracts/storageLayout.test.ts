import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { compareLayouts } from '../../contracts/operations/storage/compareLayouts.ts'
import { currentLayout } from '../../contracts/operations/storage/currentLayout.ts'
import {
  erc7201Slot,
  namespaceConstantProblems,
} from '../../contracts/operations/storage/namespaceConstants.ts'
import { readCompilations } from '../../contracts/operations/storage/readSources.ts'
import {
  type Source,
  type StorageLayout,
  storageLayoutOf,
} from '../../contracts/operations/storage/storageLayout.ts'

const committedPath = join(import.meta.dirname, '../../contracts/storage-layout.json')

describe('the storage of the upgradeable contracts', () => {
  test('is the committed one, or that with members appended where nothing moves', async () => {
    const committed = JSON.parse(await readFile(committedPath, 'utf8')) as StorageLayout
    const layout = await currentLayout()
    expect(compareLayouts(committed, layout)).toEqual([])
    expect(layout, 'out of date: run "pnpm storage-layout"').toEqual(committed)
  })

  test('stands where ERC-7201 puts each namespace', async () => {
    for (const { sources } of await readCompilations()) {
      expect(namespaceConstantProblems(sources)).toEqual([])
    }
  })
})

test('[ERC-7201] the slot of "example.main" is the one in the standard', () => {
  expect(erc7201Slot('example.main')).toBe(
    '0x183a6125c38840424c4a85fa12bab2ab606c4b6d0e7cc73c0c06ba5300eab500',
  )
})

const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string }

/** Syntax trees of one source, by the compiler itself. */
function compile(content: string): Record<string, Source> {
  const input = {
    language: 'Solidity',
    sources: { 'project/contracts/Box.sol': { content } },
    settings: { outputSelection: { '*': { '': ['ast'] } } },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    sources: Record<string, Source>
    errors?: { severity: string; formattedMessage: string }[]
  }
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  expect(errors).toEqual([])
  return output.sources
}

const box = ({
  members = 'uint256 a; mapping(uint256 => Entry) entries; Pair pair; IThing thing;',
  entry = 'address who; Kind kind;',
  pair = 'uint128 left; uint128 right;',
  state = '',
  slot = erc7201Slot('test.box'),
} = {}) => `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;
interface IThing {}
enum Kind { One, Two }
struct Pair { ${pair} }
abstract contract Base {
    struct Entry { ${entry} }
    /// @custom:storage-location erc7201:test.box
    struct BoxStorage { ${members} }
    bytes32 private constant BOX_STORAGE = ${slot};
    uint256 constant LIMIT = 1;
    ${state}
}
contract Box is Base {}
`

const layoutOf = (source: string) => storageLayoutOf(compile(source), ['Box'])

describe('compareLayouts', () => {
  let before: StorageLayout
  beforeAll(() => {
    before = layoutOf(box())
  })

  test('reads members with the types that are stored, and every struct behind them', () => {
    expect(before).toEqual({
      slots: {},
      namespaces: {
        'test.box': {
          struct: 'Base.BoxStorage',
          contracts: ['Box'],
          members: [
            { name: 'a', type: 'uint256' },
            { name: 'entries', type: 'mapping(uint256 => struct Base.Entry)' },
            { name: 'pair', type: 'struct Pair' },
            { name: 'thing', type: 'address' },
          ],
        },
      },
      structs: {
        'Base.Entry': [
          { name: 'who', type: 'address' },
          { name: 'kind', type: 'enum of uint8' },
        ],
        Pair: [
          { name: 'left', type: 'uint128' },
          { name: 'right', type: 'uint128' },
        ],
      },
    })
  })

  test.each([
    {
      change: 'a member appended to the namespace',
      source: {
        members:
          'uint256 a; mapping(uint256 => Entry) entries; Pair pair; IThing thing; bool more;',
      },
    },
    {
      change: 'a member appended to the value of a mapping',
      source: { entry: 'address who; Kind kind; uint256 more;' },
    },
    {
      change: 'an interface replaced by a plain address',
      source: {
        members: 'uint256 a; mapping(uint256 => Entry) entries; Pair pair; address thing;',
      },
    },
  ])('it takes $change', ({ source }) => {
    expect(compareLayouts(before, layoutOf(box(source)))).toEqual([])
  })

  test.each([
    {
      change: 'two members that changed places',
      source: { entry: 'Kind kind; address who;' },
      problem: 'struct Base.Entry: address who became enum of uint8 kind',
    },
    {
      change: 'a member of another type',
      source: { pair: 'uint128 left; uint64 right;' },
      problem: 'struct Pair: uint128 right became uint64 right',
    },
    {
      change: 'a member that is gone',
      source: { members: 'uint256 a; mapping(uint256 => Entry) entries; Pair pair;' },
      problem: 'namespace test.box: address thing is gone',
    },
    {
      change: 'a longer struct in front of another member',
      source: { pair: 'uint128 left; uint128 right; bool more;' },
      problem: 'struct Pair: bool more would move what stands behind it',
    },
  ])('it refuses $change', ({ source, problem }) => {
    expect(compareLayouts(before, layoutOf(box(source)))).toContain(problem)
  })

  test('it refuses another namespace, and a state variable outside of all', () => {
    const renamed = box().replace('erc7201:test.box', 'erc7201:test.other')
    expect(compareLayouts(before, layoutOf(renamed))).toContain('namespace test.box is gone')
    expect(() => layoutOf(box({ state: 'uint256 private stray;' }))).toThrow(
      'Base.stray is not in an ERC-7201 namespace',
    )
    expect(() => layoutOf(box({ state: 'uint256 private transient passing;' }))).not.toThrow()
  })
})

describe('namespaceConstantProblems', () => {
  test('it finds a slot constant that is another hash', () => {
    expect(namespaceConstantProblems(compile(box()))).toEqual([])
    const wrong = `0x${'11'.repeat(31)}00` as const
    expect(namespaceConstantProblems(compile(box({ slot: wrong })))).toEqual([
      `Base: no constant is ${erc7201Slot('test.box')}, the slot of test.box`,
      `Base: BOX_STORAGE is ${wrong}, the slot of no namespace of it`,
    ])
  })
})
