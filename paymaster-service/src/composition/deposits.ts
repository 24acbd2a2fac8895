import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { DepositWatcher, WatchedDeposit } from '../deposits/depositWatcher.ts'
import { markEnough, markLow } from '../deposits/lowDeposits.ts'
import type { DepositTables } from '../deposits/tables.ts'
import type { Store } from '../store/store.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import type { Keeping } from './keeping.ts'

export type DepositLoopParameters = {
  chainId: number
  store: Store
  watcher: DepositWatcher
  /** Wei below which a deposit is low. */
  lowDeposit: bigint
  keeping: Keeping
  outbox: Pick<Outbox, 'write'>
  intervalMs: number
  /** Unix seconds. */
  clock: () => number
  log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** Watches deposits until it is stopped: tells when one is low, and tops it up. Prices of tokens are kept beside. */
export function startDepositLoop(parameters: DepositLoopParameters): { stop(): Promise<void> } {
  const { intervalMs, log, keeping } = parameters
  const stopping = new AbortController()
  const step = depositStep(parameters)
  const ended = (async () => {
    while (!stopping.signal.aborted) {
      await step().catch((error: unknown) =>
        log.warn({ err: error }, 'the deposits cannot be watched'),
      )
      await keeping.prices
        ?.look()
        .catch((error: unknown) => log.warn({ err: error }, 'the prices cannot be watched'))
      await sleep(intervalMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

/** One look at the deposits, and what follows from it. */
export function depositStep({
  chainId,
  store,
  watcher,
  lowDeposit,
  keeping,
  outbox,
  clock,
  log,
}: Omit<DepositLoopParameters, 'intervalMs'>): () => Promise<void> {
  /** Why each deposit stays low, so that it is logged once. */
  const blocked = new Map<string, string>()

  async function tellIfLow({ entryPoint, paymaster, kind, deposit, ...rest }: WatchedDeposit) {
    const at = clock()
    const isLow = deposit < lowDeposit
    const fields = {
      entryPoint,
      paymaster,
      kind,
      depositWei: `${deposit}`,
      reservedWei: `${rest.reservedWei}`,
      thresholdWei: `${lowDeposit}`,
    }
    const isNews = await store.transaction(async (trx) => {
      const deposits = trx.withTables<DepositTables>()
      if (!isLow) return markEnough(deposits, { chainId, paymaster })
      if (!(await markLow(deposits, { chainId, paymaster, at }))) return false
      await outbox.write(trx.withTables<WebhookTables>(), [
        { type: 'paymaster.low-balance', app: null, at, data: { chainId, ...fields } },
      ])
      return true
    })
    if (!isNews) return
    if (isLow) log.error(fields, 'the deposit of a paymaster is low')
    else log.info(fields, 'the deposit of a paymaster is no longer low')
  }

  async function topUp({ paymaster, deposit }: WatchedDeposit) {
    const plan = await keeping.topUps?.consider(paymaster, deposit)
    if (!plan) return
    if (plan.kind === 'topUp')
      log.info({ paymaster, amountWei: `${plan.amount}` }, 'a top-up is on its way')
    const reason = plan.kind === 'blocked' ? plan.reason : undefined
    if (reason !== undefined && blocked.get(paymaster) !== reason)
      log.error({ paymaster, reason }, 'a deposit is low and cannot be topped up')
    if (reason === undefined) blocked.delete(paymaster)
    else blocked.set(paymaster, reason)
  }

  return async () => {
    // First, so that the deposits that are read hold what has come.
    await keeping.settle()
    for (const deposit of await watcher.look()) {
      // What was rotated out has promises to keep, and needs nothing new.
      if (!deposit.active) continue
      await tellIfLow(deposit)
      await topUp(deposit)
    }
  }
}
