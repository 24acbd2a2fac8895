/** The store was written by another version of the service. */
export class StoreVersionError extends Error {
  override name = 'StoreVersionError'
  area: string
  found: number | undefined
  known: number

  /** @param found `undefined` for tables from before versions were kept. */
  constructor(area: string, found: number | undefined, known: number) {
    super(
      found === undefined
        ? `the store has tables of an earlier service that cannot be carried over: give an empty one with --store, or move the file away`
        : known === 0
          ? `the store has tables of ${area} (version ${found}), which this service does not know: it was written by a newer one`
          : `the store's tables of ${area} have version ${found}; this service knows versions up to ${known}: it was written by a newer one`,
    )
    this.area = area
    this.found = found
    this.known = known
  }
}

/** The database does not answer, or does not let the service in. */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError'
  location: string

  /** @param location Without its password. */
  constructor(location: string, cause: unknown) {
    super(`the store ${location} cannot be used: ${reasonOf(cause)}`, { cause })
    this.location = location
  }
}

/** `localhost` has two addresses; when both refuse, the error of Node has no message of its own. */
function reasonOf(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join('; ')
  return cause instanceof Error ? cause.message : String(cause)
}
