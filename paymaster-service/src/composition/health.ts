import type { ChainReader } from '../chain/chainReader.ts'
import type { SettlementLoop } from '../chain/settlementLoop.ts'
import { sharedWhileAsked } from '../chain/sharedWhileAsked.ts'
import type { Store } from '../store/store.ts'
import type { Paymasters } from './paymasters.ts'

/** Milliseconds without an answer of node and store until the ledger is called behind. */
const quietLimitMs = 30_000
/** Milliseconds of one step after which the loop is called stuck: every request in it ends long before. */
const idleLimitMs = 600_000

export type Health = {
  /** What keeps the service from sponsoring, in words. */
  problems(): Promise<string[]>
  /** What only a new start would mend. */
  faults(): Promise<string[]>
}

/** What is wrong with a running service. */
export function healthOf({
  chain,
  store,
  settlement,
  paymasters,
}: {
  chain: Pick<ChainReader, 'block'>
  store: Pick<WatchedStore, 'kind' | 'ping' | 'isWritable'>
  settlement: Pick<SettlementLoop, 'following' | 'quietMs' | 'idleMs'>
  paymasters: Pick<Paymasters, 'problems'>
}): Health {
  const stuck = () =>
    settlement.idleMs() > idleLimitMs ? ['the ledger has stopped following the chain'] : []
  const behind = () =>
    !settlement.following()
      ? ['the ledger does not follow the chain yet']
      : settlement.quietMs() > quietLimitMs
        ? [
            `the ledger has not followed the chain for ${Math.floor(settlement.quietMs() / 1_000)} s`,
          ]
        : []

  async function problems() {
    const [node, database, own] = await Promise.allSettled([
      chain.block('latest'),
      store.ping(),
      paymasters.problems(),
    ])
    return [
      ...(node.status === 'rejected' ? ['the chain node does not answer'] : []),
      ...(database.status === 'rejected' ? ['the store cannot be read'] : []),
      ...(store.isWritable() ? [] : ['the store cannot be written']),
      ...behind(),
      ...(own.status === 'fulfilled' ? own.value : ['the paymasters are not known']),
    ]
  }

  return {
    problems: sharedWhileAsked(problems),
    async faults() {
      // A database on the network comes back by itself; a file that cannot be read any more does not.
      const isLost =
        store.kind === 'sqlite' &&
        (await store.ping().then(
          () => false,
          () => true,
        ))
      return [...(isLost ? ['the store cannot be read'] : []), ...stuck()]
    },
  }
}

export type WatchedStore = Store & {
  /** Whether the last transaction was kept, as far as the store is concerned. */
  isWritable(): boolean
}

/** SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY and what PostgreSQL says of a full disk (class 53). */
const cannotWrite = /disk|readonly|read-only|I\/O error|no space|53\d\d\d/i

/** A store that remembers whether it could be written: a full disk lets reads through. */
export function watchStore(store: Store): WatchedStore {
  let writable = true
  return {
    ...store,
    isWritable: () => writable,
    async transaction(work) {
      try {
        const result = await store.transaction(work)
        writable = true
        return result
      } catch (error) {
        const text = error instanceof Error ? `${error.message} ${codeOf(error)}` : ''
        if (cannotWrite.test(text)) writable = false
        throw error
      }
    },
  }
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}
