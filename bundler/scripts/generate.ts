/** Writes the code of the contracts that run by state override into `src/`. */
import { writeFile } from 'node:fs/promises'
import { compileContract, generatedContracts } from './compileContract.ts'

for (const contract of generatedContracts) {
  await writeFile(contract.file, await compileContract(contract))
}
