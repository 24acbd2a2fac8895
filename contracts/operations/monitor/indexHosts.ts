import type { Address } from 'viem'
import { addressOf, bigintOf, type ChainEvent, textOf } from './chainEvent.ts'

/** A host as the events of registry and reputation tell it. */
export type HostEntry = {
  /** FAB in wei that counts for activity. */
  stake: bigint
  unbonding: bigint
  registered: boolean
  accepting: boolean
  metadata: string
  /** Who pays the stake and gets it back: the host itself, or its controller. */
  controller: Address
  /** Unix seconds until which it is jailed; 0 when it never was. */
  jailedUntil: number
  /** Points as of `scoredAt`, without decay since. */
  score: number
  /** Unix seconds at which the running period of decay began; 0 while nothing is known of the score. */
  scoredAt: number
}

export type HostState = {
  hosts: Map<Address, HostEntry>
  /** Unix seconds of each registration, in order. */
  registrations: number[]
}

/** Score of a first registration. */
const initialScore = 100

export const emptyHosts = (): HostState => ({ hosts: new Map(), registrations: [] })

/** Rebuilds registry and scores from their events. Goes on from `state` when there is one, and changes it. */
export function indexHosts(
  events: Iterable<ChainEvent>,
  state: HostState = emptyHosts(),
): HostState {
  for (const event of events) {
    handlers[event.name]?.(state, event)
    scoreFrom(state, event)
  }
  return state
}

const handlers: Readonly<Record<string, (state: HostState, event: ChainEvent) => void>> = {
  NodeRegistered: (state, event) => {
    const operator = addressOf(event, 'operator')
    const known = state.hosts.get(operator)
    const stake = bigintOf(event, 'stake')
    state.hosts.set(operator, {
      stake,
      // What a return takes of it, UnstakeReused says.
      unbonding: known?.unbonding ?? 0n,
      registered: true,
      accepting: true,
      metadata: textOf(event, 'metadata'),
      controller: addressOf(event, 'controller'),
      jailedUntil: known?.jailedUntil ?? 0,
      ...(known && known.scoredAt !== 0
        ? { score: known.score, scoredAt: known.scoredAt }
        : // The registry keeps the day of a first registration, and decay counts from its beginning.
          { score: initialScore, scoredAt: event.time - (event.time % day) }),
    })
    state.registrations.push(event.time)
  },
  NodeUnregistered: (state, event) => {
    Object.assign(hostOf(state, event), { registered: false, accepting: false, metadata: '' })
  },
  StakeAdded: (state, event) => {
    hostOf(state, event).stake = bigintOf(event, 'stake')
  },
  UnstakeRequested: (state, event) => {
    const host = hostOf(state, event)
    const amount = bigintOf(event, 'amount')
    host.stake -= amount
    host.unbonding += amount
  },
  UnstakeReused: (state, event) => {
    hostOf(state, event).unbonding -= bigintOf(event, 'amount')
  },
  StakeWithdrawn: (state, event) => {
    hostOf(state, event).unbonding = 0n
  },
  NodeSlashed: (state, event) => take(state, event, 'node'),
  ClaimBondForfeited: (state, event) => take(state, event, 'host'),
  NodeJailed: (state, event) => {
    hostOf(state, event, 'node').jailedUntil = Number(bigintOf(event, 'until'))
  },
  MetadataUpdated: (state, event) => {
    hostOf(state, event).metadata = textOf(event, 'metadata')
  },
  AcceptingSet: (state, event) => {
    hostOf(state, event).accepting = event.args.accepting === true
  },
}

/** Every event of the reputation that changes a score carries the new one. */
function scoreFrom(state: HostState, { name, args, time }: ChainEvent): void {
  const { host, score } = args
  if (typeof host !== 'string' || (typeof score !== 'bigint' && typeof score !== 'number')) return
  const address = host as Address
  // Scores are imported before the stakes that make a host of an address.
  const entry = state.hosts.get(address) ?? emptyHost(address)
  state.hosts.set(address, entry)
  const begun = name === 'ScoreImported' || entry.scoredAt === 0 ? time : entry.scoredAt
  entry.score = Number(score)
  entry.scoredAt = begun + Math.floor((time - begun) / decayPeriod) * decayPeriod
}

/** Stake that a host lost, out of what it has and what is unbonding. */
function take(state: HostState, event: ChainEvent, argument: string): void {
  const host = hostOf(state, event, argument)
  host.stake -= bigintOf(event, 'fromStake')
  host.unbonding -= bigintOf(event, 'fromUnbonding')
}

function hostOf(state: HostState, event: ChainEvent, argument = 'operator'): HostEntry {
  const operator = addressOf(event, argument)
  const host = state.hosts.get(operator)
  if (!host) throw new RangeError(`${event.name} of ${operator}, which never registered`)
  return host
}

const emptyHost = (address: Address): HostEntry => ({
  stake: 0n,
  unbonding: 0n,
  registered: false,
  accepting: false,
  metadata: '',
  controller: address,
  jailedUntil: 0,
  score: 0,
  scoredAt: 0,
})

const day = 86_400
const decayPeriod = 30 * day

/** Points now: five percent less for every 30 days without a change. */
export function scoreAt({ score, scoredAt }: HostEntry, now: number): number {
  let points = score
  for (
    let periods = Math.floor((now - scoredAt) / decayPeriod);
    periods > 0 && points > 0;
    periods--
  )
    points = Math.floor((points * 95) / 100)
  return points
}

/** Registered with at least `minimumStake` wei of FAB, and not in jail at `now` (Unix seconds). */
export function activeHosts({ hosts }: HostState, minimumStake: bigint, now: number): Address[] {
  return [...hosts].flatMap(([address, { registered, stake, jailedUntil }]) =>
    registered && stake >= minimumStake && now >= jailedUntil ? [address] : [],
  )
}
