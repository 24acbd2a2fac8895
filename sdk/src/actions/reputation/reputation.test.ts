import { zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { getReputation } from './getReputation.ts'
import { rateHost } from './rateHost.ts'
import { recordCompletion } from './recordCompletion.ts'

const host = '0x2200000000000000000000000000000000000022'
const facts = {
  renter: me,
  host,
  token: zeroAddress,
  fee: 1n,
  submittedAt: 1n,
  submitted: true,
  completed: true,
}

test('a rating names the host of the job, whoever that is', async () => {
  const chain = chainWith({ marketplace: { jobFacts: facts } })
  const rating = { jobId: 7n, rating: 4 }
  expect(await callsOf(rateHost.call(rating), chain)).toEqual([
    ['reputation', 'rateHost', host, 7n, 4n, ''],
  ])
  expect(await callsOf(rateHost.call({ ...rating, feedback: 'fast' }), chain)).toEqual([
    ['reputation', 'rateHost', host, 7n, 4n, 'fast'],
  ])
})

test('a completion is booked by the id of the job', async () => {
  expect(await callsOf(recordCompletion.call({ jobId: 7n }))).toEqual([
    ['reputation', 'recordSettled', 7n],
  ])
})

describe('events', () => {
  test('a rating', () => {
    const rated = {
      host,
      jobId: 7n,
      renter: me,
      rating: 4n,
      counted: true,
      score: 111n,
      feedback: 'fast',
    }
    expect(rateHost.extractEvent([logOf('reputation', 'HostRated', rated)])).toEqual(rated)
  })

  test.each(['gained', 'notArmsLength', 'feeTooSmall', 'pairTooSoon', 'dailyLimit'])(
    'a completion that is %s',
    (outcome) => {
      const index = ['gained', 'notArmsLength', 'feeTooSmall', 'pairTooSoon', 'dailyLimit'].indexOf(
        outcome,
      )
      const recorded = { jobId: 7n, host, score: 110n }
      const log = logOf('reputation', 'JobCompletionRecorded', { ...recorded, outcome: index })
      expect(recordCompletion.extractEvent([log])).toEqual({ ...recorded, outcome })
    },
  )
})

test('a record with what it is good for', async () => {
  const performance = { score: 150n, completed: 5n, failed: 0n, ratings: 2n, averageRating: 450n }
  const chain = chainWith({ reputation: { performance, isEligibleForIncentives: true } })
  expect(await getReputation(chain, { host })).toEqual({ ...performance, eligible: true })
})
