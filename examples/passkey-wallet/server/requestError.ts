/** A request that this server does not answer, with the HTTP status that says so. */
export class RequestError extends Error {
  override name = 'RequestError'
  status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
