/** What was reserved was given back or renewed before its signature was kept: asked again, there is another one. */
export class ReservationGoneError extends Error {
  override name = 'ReservationGoneError'

  constructor() {
    super('the reservation was given back or renewed while it was signed: ask again')
  }
}
