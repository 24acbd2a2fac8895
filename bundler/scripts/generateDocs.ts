import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withTables } from '@fabstir/service/documents'
import { tables } from './documentTables.ts'

const path = join(import.meta.dirname, '../../docs/bundler.md')
await writeFile(path, withTables(await readFile(path, 'utf8'), tables))
