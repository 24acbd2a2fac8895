import type { ValidationRecord } from '../types/validationRecord.ts'

/** JSON has no bigint: amounts are written as decimal strings behind this mark. */
const mark = 'n:'

/** Writes a validation record for the journal. */
export function recordToJson(record: ValidationRecord): string {
  return JSON.stringify(record, (_, value: unknown) =>
    typeof value === 'bigint' ? `${mark}${value}` : value,
  )
}

/** Reads what `recordToJson` wrote. */
export function recordFromJson(text: string): ValidationRecord {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value,
  )
}
