import { readCompilations } from './readSources.ts'
import { type StorageLayout, storageLayoutOf } from './storageLayout.ts'

/** Layout of the last build, with its parts in alphabetical order. */
export async function currentLayout(): Promise<StorageLayout> {
  const layouts = (await readCompilations()).map(({ sources, upgradeable }) =>
    storageLayoutOf(sources, upgradeable),
  )
  const slots: StorageLayout['slots'] = {}
  const namespaces: StorageLayout['namespaces'] = {}
  const structs: StorageLayout['structs'] = {}
  for (const layout of layouts) {
    for (const [name, entry] of Object.entries(layout.namespaces)) {
      const contracts = [...(namespaces[name]?.contracts ?? []), ...entry.contracts].toSorted()
      namespaces[name] = { ...entry, contracts: [...new Set(contracts)] }
    }
    Object.assign(slots, layout.slots)
    Object.assign(structs, layout.structs)
  }
  return { slots: sorted(slots), namespaces: sorted(namespaces), structs: sorted(structs) }
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  )
}
