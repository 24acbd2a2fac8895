/** A field and what is wrong with it. */
export type AdminProblem = { field: string; message: string }

/** Kinds of errors with their HTTP status. */
export const adminErrorStatus = {
  invalid: 400,
  unauthorized: 401,
  notFound: 404,
  conflict: 409,
  unavailable: 503,
} as const

export type AdminErrorCode = keyof typeof adminErrorStatus

/** What was asked cannot be done. */
export class AdminError extends Error {
  override name = 'AdminError'
  code: AdminErrorCode
  problems: readonly AdminProblem[]

  constructor(code: AdminErrorCode, problems: readonly AdminProblem[]) {
    super(problems.map(({ field, message }) => `${field}: ${message}`).join('\n'))
    this.code = code
    this.problems = problems
  }
}

export function notFound(field: string, message: string): AdminError {
  return new AdminError('notFound', [{ field, message }])
}

export function conflict(field: string, message: string): AdminError {
  return new AdminError('conflict', [{ field, message }])
}
