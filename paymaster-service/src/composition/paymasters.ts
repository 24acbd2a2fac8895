import type { Logger } from 'pino'
import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import type { PaymasterAdministration } from '../admin/paymasterAdministration.ts'
import type { ServiceConfig } from '../config/schema.ts'
import type { WatchedDeposit } from '../deposits/depositWatcher.ts'
import { createDepositWatcher } from '../deposits/depositWatcher.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createPaymasterDirectory } from '../paymasters/paymasterDirectory.ts'
import type { PaymasterReader } from '../paymasters/paymasterReader.ts'
import type { ServedEntryPoint } from '../rpc/pm/served.ts'
import type { PaymasterSigners } from '../signing/paymasterSigners.ts'
import { createPaymasterSigners } from '../signing/paymasterSigners.ts'
import type { Signer } from '../signing/signer.ts'
import type { Store } from '../store/store.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { startDepositLoop } from './deposits.ts'
import type { Keeping } from './keeping.ts'
import { ledgerWithDeposits } from './ledgerWithDeposits.ts'
import { ledgerWithSigners } from './ledgerWithSigners.ts'
import { administerPaymasters } from './paymasterAdministration.ts'

export type Paymasters = {
  /** EntryPoints, each with the paymaster that signs for it at the moment. */
  served: readonly ServedEntryPoint[]
  /** Every paymaster whose charges are looked for. Reads the store. */
  followed: () => Promise<readonly { entryPoint: Address; paymaster: Address }[]>
  /** Promises no more than deposits pay, and nothing that nobody can sign. */
  ledger: Ledger
  signer: Pick<PaymasterSigners, 'sign' | 'signNow'>
  administration: PaymasterAdministration
  /** As last read. */
  deposits: () => readonly WatchedDeposit[]
  /** What keeps paymasters from paying, in words. */
  problems: () => Promise<string[]>
  stop(): Promise<void>
}

export type PaymastersParameters = {
  store: Store
  config: Pick<
    ServiceConfig,
    'rpcUrl' | 'chainId' | 'lowDepositWei' | 'depositIntervalMs' | 'signTimeoutMs'
  >
  keeping: Keeping
  /** Whose deposits are watched beside. */
  tokenPaymasters: readonly ServedEntryPoint[]
  /** As the options say. */
  configured: readonly ServedEntryPoint[]
  loadSigners: () => Promise<readonly Signer[]>
  reader: PaymasterReader
  ledger: Ledger
  outbox: Pick<Outbox, 'write'>
  /** Unix seconds. */
  clock: () => number
  log: Logger
}

/** Looks that may fail before the deposits are called unknown. */
const missedLooks = 3

/** The paymasters: who signs for them, what they can pay, and which took the place of which. */
export async function startPaymasters(parameters: PaymastersParameters): Promise<Paymasters> {
  const { store, config, configured, tokenPaymasters, loadSigners, reader, clock, log } = parameters
  const { chainId, depositIntervalMs, lowDepositWei } = config
  const directory = await createPaymasterDirectory(store, {
    chainId,
    configured: configured.map(({ entryPoint, paymaster }) => ({
      entryPoint: entryPoint.address,
      paymaster,
    })),
  })
  const signers = createPaymasterSigners({
    load: loadSigners,
    signersOf: async (paymaster) => (await reader.terms(paymaster))?.signers ?? [],
    isRevoked: directory.isRevoked,
    timeout: () => AbortSignal.timeout(config.signTimeoutMs),
    now: () => performance.now(),
    log,
  })
  // Keys that cannot be opened are a mistake that is told at the start.
  await signers.live()

  const watcher = createDepositWatcher({
    chainId,
    known: () => [
      ...directory.known().map((each) => ({ ...each, kind: 'sponsor' as const })),
      ...tokenPaymasters.map(({ entryPoint, paymaster }) => ({
        entryPoint: entryPoint.address,
        paymaster,
        active: true,
        kind: 'token' as const,
      })),
    ],
    reader,
    ledger: parameters.ledger,
    clock,
  })
  const loop = startDepositLoop({
    chainId,
    store,
    watcher,
    keeping: parameters.keeping,
    lowDeposit: lowDepositWei,
    intervalMs: depositIntervalMs,
    outbox: parameters.outbox,
    clock,
    log,
  })

  async function problemsOf(paymaster: Address): Promise<string[]> {
    const signer = await signers.problemOf(paymaster).then(
      (problem) => (problem === undefined ? [] : [problem]),
      // That the node does not answer is told by others.
      () => [],
    )
    const deposit = watcher.watched().find((each) => isAddressEqual(each.paymaster, paymaster))
    const oldest = clock() - Math.ceil((missedLooks * depositIntervalMs) / 1_000) - missedLooks
    if (!deposit || deposit.readAt < oldest)
      return [...signer, `the deposit of the paymaster ${paymaster} is not known`]
    if (deposit.deposit <= deposit.reservedWei)
      return [...signer, `the deposit of the paymaster ${paymaster} is used up`]
    return signer
  }

  return {
    served: configured.map(({ entryPoint, parallelSigning = false }) => ({
      entryPoint,
      parallelSigning,
      get paymaster() {
        return directory.active(entryPoint.address)
      },
    })),
    followed: directory.refresh,
    ledger: ledgerWithSigners(ledgerWithDeposits(parameters.ledger, watcher), signers),
    signer: signers,
    administration: administerPaymasters({
      chainId,
      configured,
      directory,
      signers,
      watcher,
      reader,
    }),
    deposits: watcher.watched,
    async problems() {
      const active = directory.known().filter((each) => each.active)
      return (await Promise.all(active.map(({ paymaster }) => problemsOf(paymaster)))).flat()
    },
    stop: loop.stop,
  }
}
