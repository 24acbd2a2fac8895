/** One thing that was compared. */
export type Check = {
  /** Contract it is about. */
  subject: string
  /** What was looked at. */
  name: string
  expected: string
  found: string
  ok: boolean
}

/** Compares two values as text; addresses without regard to their checksum case. */
export function check(subject: string, name: string, expected: unknown, found: unknown): Check {
  const [wanted, seen] = [textOf(expected), textOf(found)]
  const ok = wanted.toLowerCase() === seen.toLowerCase()
  return { subject, name, expected: wanted, found: seen, ok }
}

function textOf(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'bigint') return `${value}`
  return (
    JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? `${inner}` : inner)) ??
    'nothing'
  )
}
