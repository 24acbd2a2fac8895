import type { StoreChange } from '../../store/store.ts'
import type { SpanAttributes } from './spans.ts'

/** Operations and bundles that a commit is about. */
export function journalAttributes(changes: readonly StoreChange[]): SpanAttributes {
  const operations = new Set<string>()
  const bundles = new Set<string>()
  for (const change of changes) {
    switch (change.type) {
      case 'operationAdded':
        operations.add(change.operation.hash)
        break
      case 'operationDropped':
      case 'inclusionUndone':
        operations.add(change.hash)
        break
      case 'operationIncluded':
        operations.add(change.inclusion.hash)
        break
      case 'bundleSaved':
        bundles.add(change.bundle.id)
        for (const hash of change.bundle.operations) operations.add(hash)
        break
      case 'bundleRemoved':
        bundles.add(change.id)
    }
  }
  return {
    ...(operations.size > 0 && { 'userop.hashes': [...operations] }),
    ...(bundles.size > 0 && { 'bundle.ids': [...bundles] }),
  }
}
