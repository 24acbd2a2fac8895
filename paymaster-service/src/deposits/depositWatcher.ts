import type { Address } from 'viem'
import { sameAddress } from '../addresses/sameAddress.ts'
import type { DepositReading, Ledger } from '../ledger/ledger.ts'
import type { KnownPaymaster } from '../paymasters/paymasterDirectory.ts'
import type { DepositInfo, PaymasterReader } from '../paymasters/paymasterReader.ts'

/** A paymaster whose deposit is watched: one that sponsors, or one that takes tokens and promises nothing by us. */
export type WatchedPaymaster = KnownPaymaster & { kind: 'sponsor' | 'token' }

/** A paymaster's money, as it was a moment ago. */
export type WatchedDeposit = WatchedPaymaster &
  DepositInfo & {
    /** Wei that are promised to signed operations. */
    reservedWei: bigint
    /** For {@link Ledger.reserve}. */
    reading: DepositReading
    /** Unix seconds at which the last signature ends that may still be charged. */
    lastValidUntil: number | undefined
    /** Unix seconds. */
    readAt: number
  }

export type DepositWatcher = {
  /** Reads the deposits of the paymasters that sign or have promises to keep. @throws NodeUnavailableError */
  look(): Promise<readonly WatchedDeposit[]>
  /** As last read; of a paymaster that was not read yet, read now. @throws NodeUnavailableError */
  readingOf(paymaster: Address): Promise<DepositReading>
  /** As last read. */
  watched(): readonly WatchedDeposit[]
}

export type DepositWatcherParameters = {
  chainId: number
  known: () => readonly WatchedPaymaster[]
  reader: Pick<PaymasterReader, 'depositInfo'>
  ledger: Pick<Ledger, 'paymasterAccount'>
  /** Unix seconds. */
  clock: () => number
}

export function createDepositWatcher({
  chainId,
  known,
  reader,
  ledger,
  clock,
}: DepositWatcherParameters): DepositWatcher {
  let watched: readonly WatchedDeposit[] = []

  async function read(each: WatchedPaymaster): Promise<WatchedDeposit> {
    const { entryPoint, paymaster } = each
    // The account first: what is settled between the two reads is taken off the deposit twice, not never.
    const account = await ledger.paymasterAccount({ chainId, paymaster })
    const info = await reader.depositInfo(entryPoint, paymaster)
    return {
      ...each,
      ...info,
      reservedWei: account.reservedWei,
      lastValidUntil: account.lastValidUntil,
      reading: { wei: info.deposit, settledWei: account.settledWei },
      readAt: clock(),
    }
  }

  async function look() {
    watched = await Promise.all(known().map(read))
    return watched
  }

  const find = (paymaster: Address) =>
    watched.find((each) => sameAddress(each.paymaster, paymaster))

  return {
    look,
    watched: () => watched,
    async readingOf(paymaster) {
      const found = find(paymaster)
      if (found) return found.reading
      await look()
      const read = find(paymaster)
      if (!read) throw new RangeError(`the paymaster ${paymaster} is not known`)
      return read.reading
    },
  }
}
