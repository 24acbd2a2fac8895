/** How long a cap counts before it starts over, in UTC. */
export const capWindows = ['never', 'hour', 'day', 'week', 'month'] as const

export type CapWindow = (typeof capWindows)[number]

export type WindowBounds = {
  /** First second of the window (Unix); 0 for a window that never ends. */
  start: number
  /** First second after it; `null` for a window that never ends. */
  end: number | null
}

const hour = 3_600
const day = 86_400
const week = 7 * day
/** 1970-01-01 was a Thursday; weeks begin on Mondays. */
const firstMonday = 4 * day

/** The calendar window that `now` (Unix seconds) falls in. */
export function windowBounds(window: CapWindow, now: number): WindowBounds {
  switch (window) {
    case 'never':
      return { start: 0, end: null }
    case 'hour':
      return fixed(now, hour, 0)
    case 'day':
      return fixed(now, day, 0)
    case 'week':
      return fixed(now, week, firstMonday)
    case 'month': {
      const date = new Date(now * 1_000)
      const month = (offset: number) =>
        Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset) / 1_000
      return { start: month(0), end: month(1) }
    }
  }
}

function fixed(now: number, length: number, offset: number): WindowBounds {
  const start = Math.floor((now - offset) / length) * length + offset
  return { start, end: start + length }
}
