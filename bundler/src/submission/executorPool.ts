import type { Address, Hex, TransactionSerializable } from 'viem'

/** An account that signs and pays for bundles. */
export type ExecutorAccount = {
  address: Address
  signTransaction(transaction: TransactionSerializable): Promise<Hex>
}

export type Executor = {
  account: ExecutorAccount
  /** Next nonce. Owned here: the chain is asked only at start, after a reorg, and when a bundle settles. */
  nonce: number
}

export type ExecutorPool = {
  /** An executor that may take a bundle now, for the caller alone until `release` or `suspend`. */
  acquire(): Executor | undefined
  /** Gives an executor back. */
  release(address: Address): void
  /** Gives an executor back that shall not be used before `until` (Unix ms), e.g. without funds. */
  suspend(address: Address, until: number): void
  /** Whether somebody has it between `acquire` and `release`. */
  isAcquired(address: Address): boolean
  find(address: Address): Executor | undefined
  setNonce(address: Address, nonce: number): void
  addresses(): Address[]
}

/**
 * Hands out executors, longest idle first.
 * @param isBusy Whether a bundle of the executor is in flight: one at a time, so that a stuck nonce blocks no other.
 */
export function createExecutorPool(deps: {
  executors: readonly Executor[]
  isBusy: (address: Address) => boolean
  /** Unix milliseconds. */
  now: () => number
}): ExecutorPool {
  const executors = deps.executors.map((executor) => ({ ...executor }))
  const acquired = new Set<Address>()
  const suspendedUntil = new Map<Address, number>()
  let queue = executors.map(({ account }) => account.address)
  const find = (address: Address) => executors.find(({ account }) => account.address === address)

  function release(address: Address) {
    acquired.delete(address)
    queue = [...queue.filter((other) => other !== address), address]
  }

  return {
    acquire() {
      const address = queue.find(
        (candidate) =>
          !acquired.has(candidate) &&
          !deps.isBusy(candidate) &&
          (suspendedUntil.get(candidate) ?? 0) <= deps.now(),
      )
      if (address === undefined) return undefined
      acquired.add(address)
      return find(address)
    },
    release,
    suspend(address, until) {
      suspendedUntil.set(address, until)
      release(address)
    },
    isAcquired: (address) => acquired.has(address),
    find,
    setNonce(address, nonce) {
      const executor = find(address)
      if (executor) executor.nonce = nonce
    },
    addresses: () => executors.map(({ account }) => account.address),
  }
}
