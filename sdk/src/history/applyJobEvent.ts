import { zeroAddress } from 'viem'
import type { Escrow } from '../actions/marketplace/getEscrow.ts'
import type { Job } from '../actions/marketplace/job.ts'
import { HistoryIncompleteError } from '../errors/history.ts'
import type { JobEvent } from './historyEvents.ts'
import { entry, type LedgerEntry } from './ledgerEntry.ts'
import type { Terms } from './terms.ts'

/** A job as its events tell it. What only its request says is in no event. */
export type RebuiltJob = Omit<Job, 'detailsHash' | 'requiresProof' | 'minReputationScore'>

export type JobState = { job: RebuiltJob; escrow: Escrow }

export type JobStep = { state: JobState; entries: LedgerEntry[] }

/** One event more: what becomes of the job, and what it owes to whom. */
export function applyJobEvent(state: JobState | undefined, event: JobEvent, terms: Terms): JobStep {
  if (event.name === 'JobPosted') return post(event, terms)
  if (!state) throw new HistoryIncompleteError({ event: event.name, id: jobIdOf(event) })
  const { job, escrow } = state
  const { renter, host, token, payment } = job
  const { bond } = escrow
  const owe = (account: typeof renter, amount: bigint) =>
    entry(event, { account, token, amount, jobId: job.jobId })
  const step = (
    changes: Partial<RebuiltJob>,
    entries: LedgerEntry[] = [],
    escrowChanges: Partial<Escrow> = {},
  ): JobStep => {
    const changed = { ...job, ...changes }
    return {
      state: { job: changed, escrow: { ...escrow, host: changed.host, ...escrowChanges } },
      entries,
    }
  }

  switch (event.name) {
    case 'JobClaimed':
      return step({ status: 'claimed', host: event.args.host })
    case 'JobAbandoned':
      return step({ status: 'posted', host: zeroAddress })
    case 'JobCompleted': {
      const { timestamp } = event
      const releaseAt = timestamp + terms.reviewWindow
      return step({ status: 'submitted', submittedAt: timestamp, releaseAt })
    }
    case 'PaymentReleased':
      // Of a dispute that the host wins, `EscrowResolved` follows.
      return step(
        { status: job.status === 'disputed' ? 'disputed' : 'released' },
        owe(host, event.args.hostAmount),
        { status: 'released' },
      )
    case 'JobCancelled':
      return step({ status: 'cancelled' }, owe(renter, event.args.refund), { status: 'refunded' })
    case 'JobExpired':
      return step(
        { status: job.status === 'claimed' ? 'failed' : 'expired' },
        owe(renter, event.args.refund),
        { status: 'refunded' },
      )
    case 'JobFailed':
      // After a missed deadline or a verdict for the renter, which have refunded it.
      if (job.status === 'failed' || job.status === 'resolved') return step({})
      return step(
        { status: 'failed' },
        owe(renter, payment + (job.status === 'disputed' ? bond : 0n)),
        {
          status: 'refunded',
        },
      )
    case 'EscrowDisputed': {
      const { resolveBy } = event.args
      const disputed = { status: 'disputed', bond: event.args.bond, resolveBy } as const
      return step({ status: 'disputed' }, [], disputed)
    }
    case 'EscrowResolved': {
      const { toHost, toRenter } = event.args
      // The payment of a host that won came with `PaymentReleased`.
      const paid = escrow.status === 'released'
      const status = paid ? 'released' : toHost === 0n ? 'refunded' : 'split'
      const entries = [...owe(host, paid ? bond : toHost), ...owe(renter, toRenter)]
      return step({ status: 'resolved' }, entries, { status })
    }
  }
}

function post(event: Extract<JobEvent, { name: 'JobPosted' }>, terms: Terms): JobStep {
  const { jobId, renter, token, payment, deadline } = event.args
  const { protocolBps, stakersBps } = terms
  const times = { deadline: Number(deadline), releaseAt: 0, submittedAt: 0 }
  const parties = { jobId, host: zeroAddress, token }
  return {
    state: {
      job: { ...parties, renter, payment, ...times, status: 'posted', protocolBps, stakersBps },
      escrow: {
        ...parties,
        depositor: renter,
        amount: payment,
        bond: 0n,
        resolveBy: 0n,
        status: 'active',
      },
    },
    entries: [],
  }
}

/** The job that an event is about. */
export const jobIdOf = ({ args }: JobEvent): bigint =>
  'jobId' in args ? args.jobId : BigInt(args.escrowId)
