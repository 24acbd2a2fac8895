/** What bounds updates of prices. Wei and seconds. */
export type PriceUpdateRules = {
  /** Most wei for gas in 24 hours, over all tokens. 0: none are made. */
  dayMax: bigint
}

export type PriceUpdateState = {
  /** Chain time. */
  now: number
  /** Chain time at which the kept price ends; 0 before there was one. */
  validUntil: number
  /** At which it would end if it were updated now, or why it cannot be. */
  next: { validUntil: number } | { error: string }
  /** By the clock that `recent` goes by. */
  clock: number
  /** Updates of the last 24 hours and those under way, of all tokens. */
  recent: readonly { isThisOne: boolean; amount: bigint; at: number; underWay: boolean }[]
}

export type PriceUpdatePlan =
  | { kind: 'update' }
  | { kind: 'none'; reason: 'fresh' | 'underWay' | 'cooldown' }
  /** Somebody has to do something: the price ends and stays ended. */
  | { kind: 'blocked'; reason: string }

/** Seconds before its end at which a price is updated: quotes and operations under way need their time. */
export const updateAhead = 600
/** Seconds that an update has to bring. */
const leastGain = 60
/** Seconds between two updates of one token, where feeds bring it little each time. */
const cooldown = 240

/** Whether a kept price is near its end. */
export function isPriceDue({ now, validUntil }: Pick<PriceUpdateState, 'now' | 'validUntil'>) {
  return validUntil - now < updateAhead
}

/** Whether the price of a feed is to be updated. */
export function planPriceUpdate(
  { dayMax }: PriceUpdateRules,
  { now, validUntil, next, clock, recent }: PriceUpdateState,
): PriceUpdatePlan {
  if (!isPriceDue({ now, validUntil })) return { kind: 'none', reason: 'fresh' }
  // One after another: they share the keeper's nonce, with top-ups too.
  if (recent.some(({ underWay }) => underWay)) return { kind: 'none', reason: 'underWay' }
  if (recent.some(({ isThisOne, at }) => isThisOne && clock - at < cooldown))
    return { kind: 'none', reason: 'cooldown' }
  if ('error' in next) return blocked(`updatePrice reverts with ${next.error}`)
  // The price ends with its feeds: they were not written for long.
  if (next.validUntil < Math.max(validUntil, now) + leastGain)
    return blocked(`its feeds end at ${next.validUntil}, the kept price at ${validUntil}`)
  const spent = recent.reduce((sum, { amount }) => sum + amount, 0n)
  if (spent >= dayMax)
    return blocked(`${spent} of ${dayMax} wei were spent on updates within 24 hours`)
  return { kind: 'update' }
}

function blocked(reason: string): PriceUpdatePlan {
  return { kind: 'blocked', reason }
}
