import { expect, test } from 'vitest'
import { DurationError } from '../errors/duration.ts'
import { type Duration, toSeconds } from './duration.ts'

test.each([
  ['90s', 90],
  ['10m', 600],
  ['24h', 86_400],
  ['7d', 604_800],
  [1, 1],
] as const)('toSeconds: %s is %i', (duration, seconds) => {
  expect(toSeconds(duration)).toBe(seconds)
})

test.each(['0s', '1.5h', '-1h', '24', 'h', '1w', 0, -1, 1.5, Number.NaN])(
  'toSeconds refuses %s',
  (duration) => {
    expect(() => toSeconds(duration as Duration)).toThrow(DurationError)
  },
)
