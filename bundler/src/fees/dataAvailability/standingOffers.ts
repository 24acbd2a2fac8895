/** Prices that operations were offered: whoever got one may come back with it for a while. */
export type StandingOffers<price> = {
  /** Notes the price of now, and returns all that still stand, that one included. */
  note(price: price): readonly price[]
}

/** Values kept at most: one for each head of the time that an offer stands. */
const maxOffers = 600

/**
 * @param standingMs Milliseconds that an offer stands.
 * @param now Unix milliseconds.
 */
export function createStandingOffers<price>({
  standingMs,
  now,
  isSame,
}: {
  standingMs: number
  now: () => number
  isSame: (a: price, b: price) => boolean
}): StandingOffers<price> {
  let offers: { price: price; at: number }[] = []
  return {
    note(price) {
      const at = now()
      const since = at - standingMs
      const others = offers.filter((offer) => offer.at >= since && !isSame(offer.price, price))
      offers = [...others, { price, at }].slice(-maxOffers)
      return offers.map((offer) => offer.price)
    },
  }
}
