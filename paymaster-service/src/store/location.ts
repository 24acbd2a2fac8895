/** `memory`, `sqlite:` and a path, or the URL of a PostgreSQL database. */
export type StoreLocation =
  | 'memory'
  | `sqlite:${string}`
  | `postgres://${string}`
  | `postgresql://${string}`

/** How a store location is written, for messages. */
export const storeLocationForm = 'memory, sqlite:PATH or postgres://USER@HOST:PORT/DATABASE'

/** Whether `text` names a store. A PostgreSQL URL has to name its database: no default is guessed. */
export function isStoreLocation(text: string): text is StoreLocation {
  if (text === 'memory') return true
  if (text.startsWith('sqlite:')) return text.length > 'sqlite:'.length
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false
  return new URL(text).pathname.length > 1
}

/** The location without what may be secret in it: password and parameters. */
export function describeLocation(location: StoreLocation): string {
  if (location === 'memory' || location.startsWith('sqlite:')) return location
  const { protocol, username, host, pathname } = new URL(location)
  return `${protocol}//${username ? `${username}@` : ''}${host}${pathname}`
}
