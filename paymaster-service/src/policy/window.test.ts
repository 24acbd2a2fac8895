import { describe, expect, test } from 'vitest'
import type { CapWindow } from './window.ts'
import { windowBounds } from './window.ts'

const at = (iso: string) => Date.parse(iso) / 1_000

describe('windowBounds', () => {
  test.each<{ window: CapWindow; now: string; start: string; end: string }>([
    {
      window: 'hour',
      now: '2027-03-03T10:59:59Z',
      start: '2027-03-03T10:00Z',
      end: '2027-03-03T11:00Z',
    },
    {
      window: 'hour',
      now: '2027-03-03T11:00:00Z',
      start: '2027-03-03T11:00Z',
      end: '2027-03-03T12:00Z',
    },
    {
      window: 'day',
      now: '2027-03-03T23:59:59Z',
      start: '2027-03-03T00:00Z',
      end: '2027-03-04T00:00Z',
    },
    {
      window: 'week',
      now: '2027-03-07T23:59:59Z',
      start: '2027-03-01T00:00Z',
      end: '2027-03-08T00:00Z',
    },
    {
      window: 'week',
      now: '2027-03-08T00:00:00Z',
      start: '2027-03-08T00:00Z',
      end: '2027-03-15T00:00Z',
    },
    {
      window: 'month',
      now: '2028-02-29T12:00:00Z',
      start: '2028-02-01T00:00Z',
      end: '2028-03-01T00:00Z',
    },
    {
      window: 'month',
      now: '2027-12-31T23:59:59Z',
      start: '2027-12-01T00:00Z',
      end: '2028-01-01T00:00Z',
    },
  ])('the $window of $now is $start to $end', ({ window, now, start, end }) => {
    expect(windowBounds(window, at(now))).toEqual({ start: at(start), end: at(end) })
  })

  test('never has no end', () => {
    expect(windowBounds('never', at('2027-03-03T10:59:59Z'))).toEqual({ start: 0, end: null })
  })
})
