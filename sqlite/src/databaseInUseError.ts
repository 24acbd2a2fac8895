/** Another process has the file open. */
export class DatabaseInUseError extends Error {
  override name = 'DatabaseInUseError'
  readonly path: string

  constructor(path: string) {
    super(`${path} is open in another process`)
    this.path = path
  }
}

/** What to throw when a file cannot be opened. */
export function errorOfOpening(path: string, error: unknown): unknown {
  const isLocked = error instanceof Error && /database is (locked|busy)/i.test(error.message)
  return isLocked ? new DatabaseInUseError(path) : error
}
