import type { Address, Hex, TransactionSerializable } from 'viem'

/** An account that signs and pays for bundles. */
export type ExecutorAccount = {
  address: Address
  signTransaction(transaction: TransactionSerializable): Promise<Hex>
}

export type Executor = {
  account: ExecutorAccount
  /** Transactions that the chain had of it when the head tracker looked last. */
  confirmedNonce: number
}

/** What an executor has on its way. */
export type ExecutorLoad = {
  /** Nonces in flight, ascending. */
  nonces: readonly number[]
  /** A bundle of it had to be replaced: what is sent behind that waits with it. */
  stuck: boolean
}

export type ExecutorPool = {
  /** A place for one more bundle, for the caller alone until `release`. */
  acquire(): Executor | undefined
  /** Gives a place back. */
  release(address: Address): void
  /** The executor shall not be used before `until` (Unix ms), e.g. without funds. */
  suspend(address: Address, until: number): void
  /** Whether it could take a bundle now. */
  hasPlace(address: Address): boolean
  /** Whether somebody has a place of it. */
  isAcquired(address: Address): boolean
  /** Runs `task` alone for this executor: whoever takes the next nonce must know the ones before it. */
  inTurn<T>(address: Address, task: () => Promise<T>): Promise<T>
  /** The lowest nonce that no bundle in flight has: the one after them, or a gap that holds them up. */
  nextNonce(address: Address): number
  find(address: Address): Executor | undefined
  setConfirmedNonce(address: Address, nonce: number): void
  addresses(): Address[]
}

/**
 * Hands out places for bundles: to the executor with the fewest first, then to the longest idle one.
 * Executors with a stuck bundle get no more until it is through, so it stops nobody but itself.
 */
export function createExecutorPool(deps: {
  executors: readonly Executor[]
  /** Bundles of one executor that may be in flight, on consecutive nonces. */
  maxInFlight: number
  load: (address: Address) => ExecutorLoad
  /** Unix milliseconds. */
  now: () => number
}): ExecutorPool {
  const executors = deps.executors.map((executor) => ({ ...executor }))
  const acquired = new Map<Address, number>()
  const suspendedUntil = new Map<Address, number>()
  const turns = new Map<Address, Promise<unknown>>()
  let queue = executors.map(({ account }) => account.address)
  const find = (address: Address) => executors.find(({ account }) => account.address === address)

  function placesOf(address: Address): number {
    const { nonces, stuck } = deps.load(address)
    if (stuck || (suspendedUntil.get(address) ?? 0) > deps.now()) return 0
    return deps.maxInFlight - nonces.length - (acquired.get(address) ?? 0)
  }

  function release(address: Address) {
    acquired.set(address, Math.max(0, (acquired.get(address) ?? 0) - 1))
    queue = [...queue.filter((other) => other !== address), address]
  }

  return {
    acquire() {
      let best: { address: Address; places: number } | undefined
      for (const address of queue) {
        const places = placesOf(address)
        if (places > (best?.places ?? 0)) best = { address, places }
      }
      if (!best) return undefined
      const { address } = best
      acquired.set(address, (acquired.get(address) ?? 0) + 1)
      return find(address)
    },
    release,
    suspend: (address, until) => void suspendedUntil.set(address, until),
    hasPlace: (address) => placesOf(address) > 0,
    isAcquired: (address) => (acquired.get(address) ?? 0) > 0,
    inTurn(address, task) {
      const turn = (turns.get(address) ?? Promise.resolve()).then(task)
      turns.set(
        address,
        turn.catch(() => undefined),
      )
      return turn
    },
    nextNonce(address) {
      const taken = new Set(deps.load(address).nonces)
      let nonce = find(address)?.confirmedNonce ?? 0
      while (taken.has(nonce)) nonce += 1
      return nonce
    },
    find,
    setConfirmedNonce(address, nonce) {
      const executor = find(address)
      if (executor) executor.confirmedNonce = nonce
    },
    addresses: () => executors.map(({ account }) => account.address),
  }
}
