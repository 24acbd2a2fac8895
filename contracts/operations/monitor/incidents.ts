import type { ChainEvent } from './chainEvent.ts'

/** A dispute or challenge that somebody has to decide. */
export type Incident = {
  kind: 'dispute' | 'challenge'
  /** Name of the event that opened it. */
  event: string
  /** What it is about, like "jobId 7". */
  subject: string
  /** Unix seconds. */
  openedAt: number
}

/** One line for each kind of case: what opens it, what ends it, and the argument that says which one it is. */
const cases: readonly {
  kind: Incident['kind']
  opens: string
  ends: readonly string[]
  key: string
}[] = [
  // A proof that is rejected ends the dispute of its job, by JobFailed alone.
  { kind: 'dispute', opens: 'EscrowDisputed', ends: ['EscrowResolved', 'JobFailed'], key: 'jobId' },
  { kind: 'challenge', opens: 'ProofChallenged', ends: ['ChallengeClosed'], key: 'challengeId' },
  {
    kind: 'challenge',
    opens: 'SessionWorkChallenged',
    ends: ['SessionWorkDecided', 'SessionWorkMatured', 'SessionWorkDropped'],
    key: 'jobId',
  },
]

/** Open incidents after `events`, given those before. */
export function indexIncidents(
  events: Iterable<ChainEvent>,
  before: readonly Incident[] = [],
): Incident[] {
  let open = [...before]
  for (const { name, args, time } of events) {
    for (const { kind, opens, ends, key } of cases) {
      const subject = `${key} ${keyOf(args, key)}`
      if (ends.includes(name)) {
        open = open.filter((one) => one.event !== opens || one.subject !== subject)
      }
      if (name === opens) open.push({ kind, event: name, subject, openedAt: time })
    }
  }
  return open
}

/** An escrow is its job: its id is the job's, in 32 bytes. */
function keyOf(args: ChainEvent['args'], key: string): string {
  const { escrowId } = args
  return String(key === 'jobId' && typeof escrowId === 'string' ? BigInt(escrowId) : args[key])
}
