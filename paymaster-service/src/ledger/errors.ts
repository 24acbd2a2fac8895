/** What was reserved was given back before its signature was kept: asked again, it is reserved anew. */
export class ReservationGoneError extends Error {
  override name = 'ReservationGoneError'

  constructor() {
    super('the reservation was given back while it was signed: ask again')
  }
}
