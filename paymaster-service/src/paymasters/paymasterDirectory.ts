import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { Store } from '../store/store.ts'
import { keepFollowed, listFollowed } from './followedPaymasters.ts'
import { listRevokedSigners, listRotations } from './rotationStore.ts'
import { activePaymaster, everyPaymaster } from './rotations.ts'
import type { PaymasterTables } from './tables.ts'

export type KnownPaymaster = {
  entryPoint: Address
  paymaster: Address
  /** Whether it signs; the others have only promises to keep. */
  active: boolean
}

/** The paymasters of the service and the keys that must not sign for them, as last read. */
export type PaymasterDirectory = {
  /** Reads the store. Whoever follows the chain calls it after asking for the head. */
  refresh(): Promise<readonly KnownPaymaster[]>
  known(): readonly KnownPaymaster[]
  /** @throws RangeError for an EntryPoint that is not served. */
  active(entryPoint: Address): Address
  isRevoked(signer: Address): boolean
}

/**
 * Paymasters of the configuration, those that took their places, and those of other instances and of
 * earlier options. Every instance reads them before it reads the events of a block, and none signs for
 * a paymaster before it is in the store: so no instance goes past a block without looking for charges
 * of a paymaster that another one signs for (decision 71).
 */
export async function createPaymasterDirectory(
  store: Pick<Store, 'db' | 'read' | 'transaction'>,
  {
    chainId,
    configured,
  }: {
    chainId: number
    configured: readonly { entryPoint: Address; paymaster: Address }[]
  },
): Promise<PaymasterDirectory> {
  const db = store.db.withTables<PaymasterTables>()
  let known: readonly KnownPaymaster[] = []
  let revoked: ReadonlySet<string> = new Set()

  async function refresh() {
    const [rotations, signers, followed] = await store.read(() =>
      Promise.all([listRotations(db, chainId), listRevokedSigners(db), listFollowed(db, chainId)]),
    )
    const own = configured.flatMap(({ entryPoint, paymaster: first }) => {
      const mine = rotations.get(entryPoint.toLowerCase()) ?? []
      const active = activePaymaster(first, mine)
      return everyPaymaster(first, mine).map((paymaster) => ({
        entryPoint,
        paymaster,
        active: paymaster === active,
      }))
    })
    const others = followed.filter(
      ({ paymaster }) => !own.some((each) => isAddressEqual(each.paymaster, paymaster)),
    )
    known = [...own, ...others.map((each) => ({ ...each, active: false }))]
    revoked = new Set(signers)
    return known
  }

  await store.transaction((trx) =>
    keepFollowed(trx.withTables<PaymasterTables>(), chainId, configured),
  )
  await refresh()
  return {
    refresh,
    known: () => known,
    active(entryPoint) {
      const found = known.find((each) => each.active && each.entryPoint === entryPoint)
      if (!found) throw new RangeError(`no paymaster for the EntryPoint ${entryPoint}`)
      return found.paymaster
    },
    isRevoked: (signer) => revoked.has(signer),
  }
}
