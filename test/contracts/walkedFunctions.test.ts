import { artifactNames, readArtifact } from '@fabstir/contracts/deploy'
import { type AbiFunction, toFunctionSignature } from 'viem'
import { describe, expect, test } from 'vitest'
import { walkedFunctions } from './walkedFunctions.ts'
import { namesIn, namesOf, type Walk, walks } from './walks/walks.ts'

const contracts = [...artifactNames, 'MigrationHelper'] as const

/** Names of the lines that a contract needs. */
async function functionsOf(contract: (typeof contracts)[number]): Promise<string[]> {
  const { abi } = await readArtifact(contract)
  const changing = abi.filter(
    (item): item is AbiFunction =>
      item.type === 'function' &&
      item.stateMutability !== 'view' &&
      item.stateMutability !== 'pure',
  )
  const overloaded = (name: string) => changing.filter((item) => item.name === name).length > 1
  const lines = changing.map((item) =>
    overloaded(item.name) ? toFunctionSignature(item) : item.name,
  )
  const receives = abi.some(({ type }) => type === 'receive' || type === 'fallback')
  return receives ? [...lines, 'receive'] : lines
}

describe('every function is called by a walk', () => {
  test.each(contracts)('%s', async (contract) => {
    const functions = await functionsOf(contract)
    expect(Object.keys(walkedFunctions[contract]).sort()).toEqual(functions.sort())
  })

  test('and the walk counts it', async () => {
    const names = new Map<Walk, Set<string>>()
    for (const walk of Object.keys(walks) as Walk[]) names.set(walk, await namesOf(walk))
    const unknown: string[] = []
    let counted = 0
    for (const [contract, lines] of Object.entries(walkedFunctions)) {
      for (const [line, entry] of Object.entries(lines)) {
        if ('never' in entry) expect(entry.never).not.toBe('')
        else if (names.get(entry.walk)?.has(entry.name)) counted += 1
        else unknown.push(`${contract}.${line}: ${entry.walk} counts no ${entry.name}`)
      }
    }
    expect(unknown).toEqual([])
    expect(counted).toBeGreaterThan(280)
  })

  test('names are read from the literals of _names alone', () => {
    const source = `
    function _names() internal pure override returns (string memory) {
        return "one two "
            "three ";
    }

    function other() private { log.note("four"); }
`
    expect([...namesIn(source)].sort()).toEqual(['one', 'three', 'two'])
    const list = 'function _names() {\n        return ["a", "b"];\n    }\n'
    expect([...namesIn(list)]).toEqual(['a', 'b'])
  })
})
