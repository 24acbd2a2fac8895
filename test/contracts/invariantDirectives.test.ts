import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const contracts = join(import.meta.dirname, '../../contracts')

test('how long an invariant runs in the short form does not bind "pnpm invariants"', async () => {
  const files = (await readdir(contracts, { recursive: true })).filter((file) =>
    file.endsWith('.t.sol'),
  )
  const binding: string[] = []
  for (const file of files) {
    const text = await readFile(join(contracts, file), 'utf8')
    // Without a profile's name it would hold in the long run too.
    for (const [directive] of text.matchAll(/hardhat-config: (?!default\.).*/g)) {
      if (directive.includes('invariant')) binding.push(`${file}: ${directive}`)
    }
  }
  expect(files.length).toBeGreaterThan(10)
  expect(binding).toEqual([])
})
