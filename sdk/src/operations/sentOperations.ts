import type { Hash, Hex } from 'viem'
import type { RpcUserOperation } from 'viem/account-abstraction'
import { report } from '../errors/report.ts'
import { once } from './once.ts'

/** An operation as it goes to the bundler. Sent again, it is the same operation. All of it is JSON. */
export type SignedOperation = {
  hash: Hash
  callData: Hex
  request: RpcUserOperation
  /** The block before which it cannot have been included. */
  fromBlock: Hex
}

/** Where operations outlive the process: `localStorage`, or anything with the same two functions. */
export type OperationStorage = {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>
  setItem(key: string, value: string): unknown
}

/** Signed operations of one key whose end nobody has seen. */
export type SentOperations = {
  /** Remembers an operation, in the storage too, before it is sent. Rejects when it cannot be stored: nothing is kept. */
  add(operation: SignedOperation): Promise<void>
  find(hash: Hash): SignedOperation | undefined
  /** Nobody knows whether a bundler took it: the next caller with its calls takes it over. */
  lose(hash: Hash): void
  /** Whether {@link take} would give one. */
  has(callData: Hex): Promise<boolean>
  /** The oldest lost one with these calls, which is then its taker's business. */
  take(callData: Hex): Promise<SignedOperation | undefined>
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
  const operations = new Map<Hash, SignedOperation>()
  const lost = new Set<Hash>()
  const handedOver = new Set<Hash>()

  const loaded = once(async () => {
    const text = await storage?.getItem(key)
    // What an earlier process has sent waits for whoever wants the same calls again.
    for (const operation of readOperations(text)) {
      operations.set(operation.hash, operation)
      lost.add(operation.hash)
    }
  })
  const save = async () =>
    storage?.setItem(
      key,
      JSON.stringify([...operations.values()].filter(({ hash }) => !handedOver.has(hash))),
    )
  const drop = (hash: Hash) => [operations, lost, handedOver].map((known) => known.delete(hash))
  const findLost = async (callData: Hex) => {
    await loaded()
    return [...operations.values()].find(
      (operation) => lost.has(operation.hash) && operation.callData === callData,
    )
  }

  return {
    async add(operation) {
      await loaded()
      operations.set(operation.hash, operation)
      const [oldest] = operations.keys()
      if (operations.size > capacity && oldest) drop(oldest)
      await save().catch((error: unknown) => {
        drop(operation.hash)
        throw error
      })
    },
    find: (hash) => operations.get(hash),
    lose: (hash) => void lost.add(hash),
    has: async (callData) => (await findLost(callData)) !== undefined,
    async take(callData) {
      const taken = await findLost(callData)
      if (taken) lost.delete(taken.hash)
      return taken
    },
    // What comes after a send does not fail with the storage: who is told of a failure sends again.
    async handOver(hash) {
      if (!operations.has(hash)) return
      lost.delete(hash)
      handedOver.add(hash)
      await save().catch(report)
    },
    async forget(hash) {
      if (!operations.has(hash)) return
      drop(hash)
      await save().catch(report)
    },
  }
}

/** What the storage holds; nothing when it is not from here. */
function readOperations(text: string | null | undefined): readonly SignedOperation[] {
  try {
    const stored: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(stored) ? stored.filter((item) => item?.request?.nonce) : []
  } catch {
    return []
  }
}
