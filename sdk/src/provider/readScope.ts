import type { Hex } from 'viem'
import { type ScopeName, type SessionScope, scopes } from '../accounts/session/scopes.ts'
import {
  invalidParams,
  readAddress,
  readAddresses,
  readBytes,
  readKnownFields,
  readList,
  readQuantity,
  readText,
  readToken,
} from './params.ts'

type Fields = Readonly<Record<string, unknown>>

/** A scope of a session key as an app writes it in JSON. */
export function readScope(value: unknown, field: string): SessionScope {
  if (typeof value === 'string') return readScopeName(value, field) as SessionScope
  const scope = readKnownFields(value, field, [
    ...['name', 'hosts', 'jobs', 'sessions', 'token', 'to'],
    ...['target', 'selector', 'pins'],
  ])
  if (scope.name === undefined) return readCustomScope(value, field)
  if (scope.name === 'transfer') {
    readKnownFields(value, field, ['name', 'token', 'to'])
    const token = readToken(scope.token, `${field}.token`)
    if (token === 'eth') throw invalidParams(`${field}.token`, 'is ETH, which is no token')
    return { name: 'transfer', token, to: readAddresses(scope.to, `${field}.to`) }
  }
  return readNarrowedScope(scope, field)
}

function readNarrowedScope(scope: Fields, field: string): SessionScope {
  const name = readScopeName(scope.name, `${field}.name`)
  const [by, ...others] = Object.keys(scope).filter((key) => key !== 'name')
  if (!by || others.length > 0 || !['hosts', 'jobs', 'sessions'].includes(by))
    throw invalidParams(field, 'is narrowed to one of hosts, jobs, sessions')
  if (by !== narrowedBy(name)) throw invalidParams(`${field}.${by}`, `does not narrow ${name}`)
  const at = `${field}.${by}`
  const allowed =
    by === 'hosts'
      ? readAddresses(scope.hosts, at)
      : readList(scope[by], at).map((id, index) => readQuantity(id, `${at}[${index}]`))
  return { name, [by]: allowed } as unknown as SessionScope
}

/** What the first argument of a scope's functions is; a pin on anything else would pin something else. */
function narrowedBy(name: ScopeName): 'hosts' | 'jobs' | 'sessions' | undefined {
  return narrowed.find(([, names]) => names.includes(name))?.[0]
}

const narrowed: readonly (readonly ['hosts' | 'jobs' | 'sessions', readonly ScopeName[]])[] = [
  [
    'hosts',
    [
      ...(['openSession', 'openSessionWithQuote', 'openSessionFromDeposit'] as const),
      ...(['createSessionJob', 'createSessionJobWithToken'] as const),
    ],
  ],
  [
    'jobs',
    [
      ...(['claimJob', 'completeJob', 'submitResult', 'releasePayment'] as const),
      ...(['autoRelease', 'cancelJob', 'refundExpiredJob'] as const),
    ],
  ],
  [
    'sessions',
    [
      ...(['checkpoint', 'checkpointMany', 'submitWork', 'settleSession'] as const),
      ...(['settleWithProof', 'claimAbandonedSession', 'completeSession'] as const),
      ...(['completeSessionWithFinal', 'finalizeSession', 'timeoutSession'] as const),
    ],
  ],
]

function readCustomScope(value: unknown, field: string): SessionScope {
  const { target, selector, pins } = readKnownFields(value, field, ['target', 'selector', 'pins'])
  return {
    target: readAddress(target, `${field}.target`),
    selector: readSized(selector, `${field}.selector`, 4),
    pins: readList(pins ?? [], `${field}.pins`).map((pin, index) => {
      const at = `${field}.pins[${index}]`
      const { index: word, allowed } = readKnownFields(pin, at, ['index', 'allowed'])
      if (!Number.isSafeInteger(word)) throw invalidParams(`${at}.index`, 'is no whole number')
      return {
        index: word as number,
        allowed: readList(allowed, `${at}.allowed`).map((one, i) =>
          readSized(one, `${at}.allowed[${i}]`, 32),
        ),
      }
    }),
  }
}

function readScopeName(value: unknown, field: string): ScopeName {
  const name = readText(value, field)
  if (Object.hasOwn(scopes, name)) return name as ScopeName
  throw invalidParams(field, `names no scope: ${name}`)
}

function readSized(value: unknown, field: string, bytes: number): Hex {
  const hex = readBytes(value, field)
  if (hex.length !== 2 + 2 * bytes) throw invalidParams(field, `is not ${bytes} bytes long`)
  return hex
}
