import type { DatabaseSync } from 'node:sqlite'

/** Adds `exact_sum(text)`: the sum of integers as decimal text, however large. SQLite's own `sum` ends at 64 bits. */
export function addExactSum(database: DatabaseSync): void {
  database.aggregate('exact_sum', {
    start: '',
    step: (sum, value) => (value === null ? sum : `${BigInt(String(sum)) + BigInt(String(value))}`),
    result: (sum) => (sum === '' ? null : sum),
  })
}
