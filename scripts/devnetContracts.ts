/**
 * Writes the addresses of the devnet's contracts into the SDK, as a devnet that is started for it has them. Needed when
 * contracts were changed: `test/system/package/package.test.ts` compares.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startDevnet } from '@fabstir/devnet'

const file = join(import.meta.dirname, '../sdk/src/chains/generated/devnetContracts.ts')

const devnet = await startDevnet()
try {
  const book = JSON.stringify(devnet.contracts, null, 2)
  await writeFile(
    file,
    `import type { AddressBook } from '@fabstir/contracts/addressBook'\n\nexport const devnetContracts: AddressBook = ${book}\n`,
  )
} finally {
  await devnet.close()
}
