import { expect, test } from 'vitest'
import type { ChainEvent } from './chainEvent.ts'
import { indexIncidents } from './incidents.ts'

const event = (name: string, args: Record<string, unknown>): ChainEvent => ({
  name,
  args,
  address: '0x0000000000000000000000000000000000000001',
  block: 1n,
  index: 0,
  time: 1_800_000_000,
})
const subjects = (events: ChainEvent[]) => indexIncidents(events).map(({ subject }) => subject)

test('a dispute is open from EscrowDisputed to EscrowResolved of the same escrow', () => {
  const opened = [
    event('EscrowDisputed', { escrowId: '0x01', bond: 5n }),
    event('EscrowDisputed', { escrowId: '0x02', bond: 5n }),
  ]
  expect(subjects(opened)).toEqual(['jobId 1', 'jobId 2'])
  expect(subjects([...opened, event('EscrowResolved', { escrowId: '0x01' })])).toEqual(['jobId 2'])
  // A proof was rejected before the arbiter spoke.
  expect(subjects([...opened, event('JobFailed', { jobId: 2n })])).toEqual(['jobId 1'])
})

test('a challenge is open from ProofChallenged to ChallengeClosed', () => {
  const opened = event('ProofChallenged', { challengeId: 3n, jobId: 9n })
  expect(subjects([opened])).toEqual(['challengeId 3'])
  expect(subjects([opened, event('ChallengeClosed', { challengeId: 4n })])).toHaveLength(1)
  expect(subjects([opened, event('ChallengeClosed', { challengeId: 3n })])).toEqual([])
})

test('the end of another kind of case leaves it open', () => {
  const opened = event('SessionWorkChallenged', { jobId: 3n })
  expect(subjects([opened, event('ChallengeClosed', { challengeId: 3n, jobId: 3n })])).toEqual([
    'jobId 3',
  ])
  expect(subjects([opened, event('SessionWorkDecided', { jobId: 3n })])).toEqual([])
})
