import { checkCaps } from '../../policy/caps.ts'
import type { Refusal } from '../../policy/refusal.ts'
import { windowBounds } from '../../policy/window.ts'
import type { Balance } from '../accounts.ts'
import { commitments, committed, emptyBalance, subtract } from '../accounts.ts'
import type { CapBucket } from '../buckets.ts'
import { capBuckets, paymasterBucket } from '../buckets.ts'
import type { CapQuestion, OperationKey, Reservation, ReserveRequest } from '../ledger.ts'
import type { Books } from './books.ts'
import { joinBuckets, operationKey, toEntry, toSponsorship, withHashes } from './rows.ts'
import type { SponsorshipRow } from './schema.ts'

/** Signatures of one nonce that may be live together: bounds what changing an operation again and again costs. */
const maxLiveSignatures = 16
/** Signatures of one nonce that are remembered, those that have ended included: all are read with every request for it. */
const maxSignatures = 128

/** Reserves, gives an earlier sponsorship again, or refuses. */
export async function reserve(books: Books, request: ReserveRequest): Promise<Reservation> {
  const key = operationKey(request)
  const rows = await books.rows(key)
  const earlier = rows.find(({ id }) => id === request.id)
  if (earlier && isGiven(earlier) && earlier.valid_until >= request.keepUntil)
    return { kind: 'reserved', sponsorship: toSponsorship(earlier) }

  // The signature before this one may still be used, and is known by its hash.
  const buckets = capBuckets(request.policy, request.sender, request.now)
  const row = {
    ...toRow(request, key, buckets),
    ...originOf(request),
    user_op_hash: earlier?.user_op_hash ?? null,
  }
  const refusal = await refusalOf(books, { rows, row, buckets }, request)
  if (refusal) return { kind: 'refused', refusal }
  const signed = request.sign?.()
  const kept = signed
    ? withHashes({ ...row, signature: signed.signature }, signed.userOpHashes)
    : row
  books.write(key, replace(rows, kept))
  return { kind: 'reserved', sponsorship: toSponsorship(kept), ...(signed ? { signed } : {}) }
}

/** The refusal that {@link reserve} would give to an operation that was not asked for before. */
export async function preview(books: Books, question: CapQuestion): Promise<Refusal | undefined> {
  const key = operationKey(question)
  const rows = await books.rows(key)
  const buckets = capBuckets(question.policy, question.sender, question.now)
  // An operation without its final gas has no id yet.
  const unnamed = { ...question, id: '0x' as const, window: { validAfter: 0, validUntil: 0 } }
  return refusalOf(books, { rows, row: toRow(unnamed, key, buckets), buckets }, question)
}

/** A row that joins those of its key, or takes the place of one. */
type Change = {
  rows: readonly SponsorshipRow[]
  row: SponsorshipRow
  /** Accounts of caps that it counts in. */
  buckets: readonly CapBucket[]
}

async function refusalOf(
  books: Books,
  { rows, row, buckets }: Change,
  question: CapQuestion,
): Promise<Refusal | undefined> {
  const { policy, now, amount, price, selectors } = question
  if (rows.some(tookNonce)) return nonceUsed(question)
  const others = rows.filter(({ id, policy_id }) => policy_id === policy.id && id !== row.id)
  const live = others.filter(({ state }) => state === 'reserved')
  if (live.length >= maxLiveSignatures)
    return tooManySignatures(question, `${maxLiveSignatures} live signatures`)
  if (others.length >= maxSignatures)
    return tooManySignatures(question, `${maxSignatures} signatures within a day`)

  const before = commitments(rows.map(toEntry))
  const after = commitments(replace(rows, row).map(toEntry))
  const states = []
  for (const { scope, cap, id } of buckets) {
    const change = [after, before].map((each) => committed(each.get(id) ?? emptyBalance))
    const [later = emptyBalance.reserved, earlier = emptyBalance.reserved] = change
    states.push({
      scope,
      cap,
      committed: committed(await books.balance(id)),
      added: subtract(later, earlier),
    })
  }
  const request = { amount, calls: selectors.length, price, now }
  return (
    checkCaps(policy.caps, request, states) ??
    (await depositShort(books, question, { before, after }))
  )
}

/**
 * Rule `deposit.low`: the EntryPoint would refuse with AA31 what the deposit does not cover. What was
 * settled since the deposit was read is taken off; what is on the chain and not settled yet is taken
 * off twice, for the moment.
 */
async function depositShort(
  books: Books,
  question: CapQuestion,
  committedBy: Record<'before' | 'after', ReadonlyMap<string, Balance>>,
): Promise<Refusal | undefined> {
  const { deposit, paymaster } = question
  if (!deposit) return undefined
  const id = paymasterBucket(question)
  const [before, after] = [committedBy.before, committedBy.after].map(
    (each) => each.get(id)?.reserved.wei ?? 0n,
  )
  const { reserved, settled } = await books.balance(id)
  const left = deposit.wei - (settled.wei - deposit.settledWei) - reserved.wei
  const remaining = left > 0n ? left : 0n
  const more = (after ?? 0n) - (before ?? 0n)
  // An empty deposit refuses at stub time too, when the gas limits may still be 0.
  if (more <= remaining && !(remaining === 0n && before === 0n)) return undefined
  return {
    rule: 'deposit.low',
    message: `deposit.low: ${more} wei more is asked, ${remaining} wei of the deposit of ${paymaster} is not promised yet`,
    remaining,
    resetsAt: null,
  }
}

function toRow(
  request: CapQuestion & Pick<ReserveRequest, 'id' | 'window'>,
  key: string,
  buckets: readonly CapBucket[],
): SponsorshipRow {
  const { policy, now, price, window } = request
  const idsOf = (of: 'global' | 'user') =>
    joinBuckets(buckets.filter(({ scope }) => scope === of).map(({ id }) => id))
  const [, paymaster = '', senderText = '', nonce = ''] = key.split(':')
  return {
    id: request.id,
    operation_key: key,
    chain_id: request.chainId,
    paymaster,
    sender: senderText,
    nonce,
    policy_id: policy.id,
    policy_hash: policy.onChainHash,
    global_buckets: idsOf('global') + joinBuckets([paymasterBucket(request)]),
    user_buckets: idsOf('user'),
    amount: `${request.amount}`,
    held: '0',
    price: price.kind === 'fresh' ? `${price.microUsdPerEther}` : null,
    valid_after: window.validAfter,
    valid_until: window.validUntil,
    signature: null,
    user_op_hash: null,
    state: 'reserved',
    cost: '0',
    cost_micro_usd: '0',
    reverted: 0,
    block_number: null,
    transaction_hash: null,
    created_at: now,
    day: windowBounds('day', now).start,
    ...unknownOrigin,
    told_until: null,
    told_settlement: null,
  }
}

type Origin = Pick<SponsorshipRow, 'app' | 'key_id' | 'selectors'>

const unknownOrigin: Origin = { app: null, key_id: null, selectors: null }

/** A row that there is keeps its own. */
function originOf({ origin, selectors }: ReserveRequest): Origin {
  if (!origin) return unknownOrigin
  const distinct = [...new Set(selectors)].sort().join('+')
  return { app: origin.app, key_id: origin.keyId ?? null, selectors: distinct }
}

function replace(rows: readonly SponsorshipRow[], row: SponsorshipRow): SponsorshipRow[] {
  return [...rows.filter(({ id }) => id !== row.id), row]
}

function isGiven({ state }: SponsorshipRow): boolean {
  return state === 'reserved' || state === 'settled'
}

/** Settled, or released by a block: an operation with this nonce is on the chain. */
function tookNonce({ block_number }: SponsorshipRow): boolean {
  return block_number !== null
}

function nonceUsed({ sender, nonce }: OperationKey): Refusal {
  return {
    rule: 'nonce.used',
    message: `nonce.used: an operation of ${sender} with nonce ${nonce} is on the chain already`,
  }
}

function tooManySignatures({ sender, nonce }: OperationKey, what: string): Refusal {
  return {
    rule: 'nonce.replacements',
    message: `nonce.replacements: operations of ${sender} with nonce ${nonce} have ${what} already, as many as there may be`,
  }
}
