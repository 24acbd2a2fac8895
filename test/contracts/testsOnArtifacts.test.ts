import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeNames } from '../../contracts/deploy/artifact.ts'

const contracts = join(import.meta.dirname, '../../contracts')

/** `new` would compile the contract into the test once more, and without the optimizer (decision 16). */
const created = new RegExp(
  `\\bnew (?:${codeNames.join('|')})\\s*[({]|type\\((?:${codeNames.join('|')})\\)\\.\\w+Code`,
)

test('what is deployed on a chain is deployed in Solidity tests from the artifacts of the build', async () => {
  const files = (await readdir(contracts, { recursive: true }))
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.t.sol') || /^mocks\/.*\.sol$/.test(file))
  const compiledAgain: string[] = []
  let deployed = 0
  for (const file of files) {
    const text = await readFile(join(contracts, file), 'utf8')
    deployed += text.split('deployCode("').length - 1
    const [found] = created.exec(text) ?? []
    if (found !== undefined) compiledAgain.push(`${file}: ${found}`)
  }
  expect(compiledAgain).toEqual([])
  expect(deployed).toBeGreaterThan(100)
})
