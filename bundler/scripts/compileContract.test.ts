import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { compileContract, generatedContracts } from './compileContract.ts'

test.each(generatedContracts)(
  'the generated code of $name is that of its source',
  { timeout: 60_000 },
  async (contract) => {
    expect(await readFile(contract.file, 'utf8')).toBe(await compileContract(contract))
  },
)
