/** Writes the ABIs of the contracts as text into `src/contracts/generated/`. */
import { writeFile } from 'node:fs/promises'
import { generatedFiles } from './abiText.ts'

for (const { path, text } of generatedFiles()) await writeFile(path, text)
