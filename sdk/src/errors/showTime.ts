/**
 * A time for a message. A service or a grant may name one that no `Date` holds: then its number is shown.
 * @param seconds Unix seconds.
 */
export function showTime(seconds: number): string {
  const date = new Date(seconds * 1000)
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString()
}
