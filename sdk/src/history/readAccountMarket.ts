import { type Address, isAddressEqual } from 'viem'
import { balanceEvents, jobEvents, sessionEvents } from '../watch/events.ts'
import { ofSubject } from '../watch/ofSubject.ts'
import { foldMarket, type Market } from './foldMarket.ts'
import { termEvents } from './historyEvents.ts'
import { type HistoryReader, inOrder, readInParts } from './readHistory.ts'

/** Jobs and sessions in which an account has a part, as renter or host, and the changes of what it is owed. */
export async function readAccountMarket(
  { read }: HistoryReader,
  account: Address,
): Promise<Market> {
  // An event has one place for the renter and one for the host: two questions.
  const [terms, balances, asRenter, asHost] = await Promise.all([
    read(termEvents),
    read(ofSubject(balanceEvents, account)),
    read({
      JobPosted: { ...jobEvents.JobPosted, args: { renter: account } },
      SessionJobCreated: { ...sessionEvents.SessionJobCreated, args: { user: account } },
    }),
    read({
      JobClaimed: { ...jobEvents.JobClaimed, args: { host: account } },
      SessionJobCreated: { ...sessionEvents.SessionJobCreated, args: { host: account } },
    }),
  ])
  const beginnings = [...asRenter, ...asHost]
  const idsOf = (isSession: boolean) => [
    ...new Set(
      beginnings
        .filter(({ name }) => (name === 'SessionJobCreated') === isSession)
        .map(({ args }) => args.jobId),
    ),
  ]
  const [ofJobs, ofSessions] = await Promise.all([
    readInParts(idsOf(false), (ids) => read(ofSubject(jobEvents, ids))),
    readInParts(idsOf(true), (ids) => read(ofSubject(sessionEvents, ids))),
  ])
  const market = foldMarket(inOrder([...terms, ...balances, ...ofJobs, ...ofSessions]))
  const entries = market.entries.filter((entry) => isAddressEqual(entry.account, account))
  return { ...market, entries }
}

/** Open claims and sessions with work, which hold the stake of a host. */
export function obligationsOf({ jobs, sessions }: Market, host: Address): number {
  const claims = [...jobs.values()].filter(
    ({ job }) =>
      ['claimed', 'submitted', 'disputed'].includes(job.status) && isAddressEqual(job.host, host),
  )
  const held = [...sessions.values()].filter(
    ({ session, obliged }) =>
      obliged && session.status !== 'settled' && isAddressEqual(session.host, host),
  )
  return claims.length + held.length
}
