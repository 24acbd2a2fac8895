import type { CompiledQuery } from 'kysely'
import type { StoreDatabase, StoreTransaction } from './store.ts'

/** One statement that is run for lists of items again and again. */
export type ListQuery<item, row> = {
  /** The statement for these items. Its text depends on how many there are and on nothing else. */
  build(db: StoreDatabase, items: readonly item[]): CompiledQuery<row>
  /** What one item adds to the statement's parameters, in the order of its text. */
  parameters(item: item): readonly unknown[]
}

/** Runs it within a transaction, of whatever tables. Rows come item by item, or in the statement's own order. */
export type ListStatement<item, row> = (
  trx: Pick<StoreTransaction, 'executeQuery'>,
  items: readonly item[],
) => Promise<readonly row[]>
