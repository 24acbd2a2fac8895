import type { Hash, Hex } from 'viem'
import type { RpcUserOperation } from 'viem/account-abstraction'
import { report } from '../errors/report.ts'
import { once } from './once.ts'

/** An operation as it goes to the bundler. Sent again, it is the same operation. All of it is JSON. */
export type SignedOperation = {
  hash: Hash
  callData: Hex
  request: RpcUserOperation
  /** The block before which it cannot have been included, nor any of `earlier`. */
  fromBlock: Hex
  /** Nonce lane, from 0. */
  lane: number
  /**
   * Those that it takes the place of, the newest first: the same calls with the same nonce. A bundler may still have
   * them, and of all these one can be included.
   */
  earlier: readonly Hash[]
}

/**
 * How far an operation has come. Whoever waits for it has it while it is `sent`; when it was `taken`, whoever wants its
 * calls again; and the app when its hash was `handedOver`. Nobody has what is `unanswered`, because no bundler has said
 * whether it took it, or `dropped`: one has refused or dropped it, but another one may have it. What has `ended` is on
 * chain, or never will be.
 */
type SentState = 'sent' | 'taken' | 'handedOver' | LostState | 'ended'

export type LostState = 'unanswered' | 'dropped'

export type LostOperation = { operation: SignedOperation; state: LostState }

/** Where operations outlive the process: `localStorage`, or anything with the same two functions. */
export type OperationStorage = {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>
  setItem(key: string, value: string): unknown
}

/**
 * Signed operations of one key whose end nobody has seen. One that takes the place of another stands for both, under
 * the hash of either.
 */
export type SentOperations = {
  /** Remembers an operation, in the storage too, before it is sent. Rejects when it cannot be stored: nothing is kept. */
  add(operation: SignedOperation): Promise<void>
  /** Also one that has ended, as long as somebody may ask for it by the hash of another. */
  find(hash: Hash): SignedOperation | undefined
  /** Whether it is not known to have ended. */
  isOpen(hash: Hash): boolean
  /** Nobody has it any more, unless somebody has taken it: the next caller with its calls takes it over. */
  lose(hash: Hash, state: LostState): void
  /** Whether {@link take} would give one. */
  has(callData: Hex): Promise<boolean>
  /** The oldest lost one with these calls, which is then its taker's business. */
  take(callData: Hex): Promise<LostOperation | undefined>
  /** Its taker has sent it, or loses it in his turn. */
  giveBack(hash: Hash, state: LostState | 'sent'): void
  /** Its caller has its hash and looks after it: nobody takes it over, nor does a process that starts anew. */
  handOver(hash: Hash): Promise<void>
  /** It has ended, or was never taken. */
  forget(hash: Hash): Promise<void>
}

/** Of more operations than this, the oldest is forgotten. */
const capacity = 1000

/**
 * A retry with the same calls finds its operation here, so that it sends that one again and not a second one. With a
 * storage, also when the process has ended meanwhile.
 * @param key Of the storage.
 */
export function createSentOperations(storage?: OperationStorage, key = ''): SentOperations {
  /** By the hash of the first one with their nonce. */
  const entries = new Map<Hash, { operation: SignedOperation; state: SentState }>()

  const loaded = once(async () => {
    // What an earlier process has sent waits for whoever wants the same calls again.
    for (const operation of readOperations(await storage?.getItem(key)))
      entries.set(firstOf(operation), { operation, state: 'unanswered' })
  })
  let saving: Promise<unknown> = Promise.resolve()
  /** One after the other: of two writes at a time, the older could end last. */
  const save = () => {
    const write = async () => {
      const kept = [...entries.values()].filter(({ state }) => !/handedOver|ended/.test(state))
      await storage?.setItem(key, JSON.stringify(kept.map(({ operation }) => operation)))
    }
    saving = saving.then(write, write)
    return saving
  }
  const find = (hash: Hash) =>
    [...entries.values()].find(({ operation }) => hashesOf(operation).includes(hash))
  /** `undefined` when it had ended already. */
  const move = (hash: Hash, state: SentState) => {
    const entry = find(hash)
    if (!entry || entry.state === 'ended') return undefined
    entry.state = state
    return entry.operation
  }
  const findLost = async (callData: Hex) => {
    await loaded()
    return [...entries.values()].find(
      (entry): entry is LostOperation =>
        entry.operation.callData === callData && /unanswered|dropped/.test(entry.state),
    )
  }

  return {
    async add(operation) {
      await loaded()
      const id = firstOf(operation)
      const before = entries.get(id)
      entries.set(id, { state: 'sent', ...before, operation })
      const [oldest] = entries.keys()
      if (entries.size > capacity && oldest) entries.delete(oldest)
      await save().catch((error: unknown) => {
        if (before) entries.set(id, before)
        else entries.delete(id)
        throw error
      })
    },
    find: (hash) => find(hash)?.operation,
    isOpen: (hash) => (find(hash)?.state ?? 'ended') !== 'ended',
    lose(hash, state) {
      const before = find(hash)?.state
      if (before !== 'taken') move(hash, state)
      // The storage has it no more.
      if (before === 'handedOver') save().catch(report)
    },
    has: async (callData) => (await findLost(callData)) !== undefined,
    async take(callData) {
      const entry = await findLost(callData)
      if (!entry) return undefined
      const lost = { ...entry }
      move(entry.operation.hash, 'taken')
      return lost
    },
    giveBack: (hash, state) => void move(hash, state),
    // What comes after a send does not fail with the storage: who is told of a failure sends again.
    async handOver(hash) {
      if (move(hash, 'handedOver')) await save().catch(report)
    },
    async forget(hash) {
      const operation = move(hash, 'ended')
      if (!operation) return
      if (operation.earlier.length === 0) entries.delete(operation.hash)
      await save().catch(report)
    },
  }
}

/** Those of which one can be included: itself, and what it takes the place of. */
export const hashesOf = ({ hash, earlier }: SignedOperation): readonly Hash[] => [hash, ...earlier]

const firstOf = ({ hash, earlier }: SignedOperation): Hash => earlier.at(-1) ?? hash

/** What the storage holds; nothing when it is not from here. */
function readOperations(text: string | null | undefined): readonly SignedOperation[] {
  try {
    const stored: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(stored)
      ? stored.filter((item) => item?.request?.nonce && item.earlier)
      : []
  } catch {
    return []
  }
}
