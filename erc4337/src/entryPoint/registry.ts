import type { Address } from 'viem'
import type { EntryPointAdapter } from './adapter.ts'
import { entryPoint06 } from './v06/entryPoint06.ts'
import { entryPoint07 } from './v07/entryPoint07.ts'
import { entryPoint08 } from './v08/entryPoint08.ts'
import { entryPoint09 } from './v09/entryPoint09.ts'

/** All EntryPoints that the stack knows, oldest first. */
export const entryPointAdapters: readonly EntryPointAdapter[] = [
  entryPoint06,
  entryPoint07,
  entryPoint08,
  entryPoint09,
]

/** The EntryPoint that new accounts use. */
export const defaultEntryPoint: EntryPointAdapter = entryPoint08

/** Finds an adapter by EntryPoint address, in any letter case. */
export function getEntryPointAdapter(address: Address): EntryPointAdapter | undefined {
  const wanted = address.toLowerCase()
  return entryPointAdapters.find((adapter) => adapter.address.toLowerCase() === wanted)
}
