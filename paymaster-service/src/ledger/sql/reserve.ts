import type { Hash, Hex } from 'viem'
import { checkCaps } from '../../policy/caps.ts'
import type { Refusal } from '../../policy/refusal.ts'
import type { CapWindow } from '../../policy/window.ts'
import { windowBounds } from '../../policy/window.ts'
import { reservedAmount } from '../accounts.ts'
import type {
  OperationKey,
  PolicyTerms,
  Reservation,
  ReserveRequest,
  Sponsorship,
} from '../ledger.ts'
import type { LedgerTransaction } from './rows.ts'
import { moveBucket, readBucket, readKey, toEntry, toKeyColumns, writeKey } from './rows.ts'
import type { SponsorshipRow } from './schema.ts'

/** Signatures of one nonce that may be live together: bounds what changing an operation again and again costs. */
const maxLiveSignatures = 16

/** Reserves, gives an earlier sponsorship again, or refuses. One transaction. */
export async function reserve(
  trx: LedgerTransaction,
  request: ReserveRequest,
): Promise<Reservation> {
  const key = toKeyColumns(request)
  const rows = await readKey(trx, key)
  const earlier = rows.find(({ id }) => id === request.id)
  if (earlier && earlier.state !== 'released' && earlier.valid_until >= request.keepUntil)
    return { kind: 'reserved', sponsorship: toSponsorship(earlier) }
  if (earlier?.state === 'settled') return { kind: 'refused', refusal: nonceUsed(request) }

  const plan = planReservation(rows, request)
  if (!earlier && plan.live.length >= maxLiveSignatures)
    return { kind: 'refused', refusal: tooManySignatures(request) }
  const refusal = await checkPlan(trx, plan, request)
  if (refusal) return { kind: 'refused', refusal }

  const row: SponsorshipRow = {
    ...key,
    id: request.id,
    policy_id: request.policy.id,
    policy_hash: request.policy.onChainHash,
    global_bucket: plan.globalBucket,
    user_bucket: plan.userBucket,
    amount: `${request.amount}`,
    valid_after: request.window.validAfter,
    valid_until: request.window.validUntil,
    signature: null,
    user_op_hash: null,
    state: 'reserved',
    cost: '0',
    block_number: null,
    transaction_hash: null,
    created_at: request.now,
  }
  await writeKey(trx, rows, [...rows.filter(({ id }) => id !== row.id), row])
  if (plan.counts) {
    await moveBucket(trx, plan.globalBucket, { operations: 1 })
    if (plan.userBucket) await moveBucket(trx, plan.userBucket, { operations: 1 })
  }
  return { kind: 'reserved', sponsorship: toSponsorship(row) }
}

/** The refusal that {@link reserve} would give. */
export async function preview(
  trx: LedgerTransaction,
  request: Pick<ReserveRequest, 'policy' | 'amount' | 'now'> & OperationKey,
): Promise<Refusal | undefined> {
  const rows = await readKey(trx, toKeyColumns(request))
  return checkPlan(trx, planReservation(rows, request), request)
}

/** Accounts of the windows that `now` falls in. */
export function bucketsOf(
  { id, caps }: PolicyTerms,
  sender: string,
  now: number,
): { globalBucket: string; userBucket: string | null } {
  const { global, user } = caps
  const bucket = (scope: string, window: CapWindow) =>
    `${id}/${scope}/${window}/${windowBounds(window, now).start}`
  return {
    globalBucket: bucket('*', global.window),
    userBucket: user ? bucket(sender.toLowerCase(), user.window) : null,
  }
}

type Plan = {
  live: readonly SponsorshipRow[]
  added: bigint
  counts: boolean
  globalBucket: string
  userBucket: string | null
}

function planReservation(
  rows: readonly SponsorshipRow[],
  { policy, sender, amount, now }: Pick<ReserveRequest, 'policy' | 'sender' | 'amount' | 'now'>,
): Plan {
  const live = rows.filter((row) => row.policy_id === policy.id && row.state === 'reserved')
  const before = reservedAmount(live.map(toEntry))
  const [first] = live
  return {
    live,
    // A replaced operation keeps its reservation while its own signature is live: either may be charged.
    added: amount > before ? amount - before : 0n,
    counts: live.length === 0,
    ...(first
      ? { globalBucket: first.global_bucket, userBucket: first.user_bucket }
      : bucketsOf(policy, sender, now)),
  }
}

async function checkPlan(
  trx: LedgerTransaction,
  { added, counts, globalBucket, userBucket }: Plan,
  { policy, amount, now }: Pick<ReserveRequest, 'policy' | 'amount' | 'now'>,
): Promise<Refusal | undefined> {
  const usageOf = async (id: string | null) => {
    if (id === null) return { committed: 0n, operations: 0 }
    const { reserved, settled, operations } = await readBucket(trx, id)
    return { committed: reserved + settled, operations }
  }
  const usage = { global: await usageOf(globalBucket), user: await usageOf(userBucket) }
  return checkCaps(policy.caps, { amount, added, counts, now }, usage)
}

export function toSponsorship(row: SponsorshipRow): Sponsorship {
  return {
    id: row.id as Hash,
    window: { validAfter: row.valid_after, validUntil: row.valid_until },
    signature: (row.signature ?? undefined) as Hex | undefined,
  }
}

function nonceUsed({ sender, nonce }: OperationKey): Refusal {
  return {
    rule: 'nonce.used',
    message: `nonce.used: this operation of ${sender} with nonce ${nonce} is on the chain already`,
  }
}

function tooManySignatures({ sender, nonce }: OperationKey): Refusal {
  return {
    rule: 'nonce.replacements',
    message: `nonce.replacements: ${maxLiveSignatures} operations of ${sender} with nonce ${nonce} are signed already`,
  }
}
