import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { createKeyDirectory } from '../access/directory.ts'
import type { DryRun } from '../admin/dryRun.ts'
import type { AdminContext } from '../admin/operation.ts'
import type { ServiceConfig } from '../config/schema.ts'
import type { LedgerObserver } from '../ledger/ledgerObserver.ts'
import type { Policy } from '../policy/policy.ts'
import { policyMeans } from '../policyVersions/policyNeeds.ts'
import type { PolicySource } from '../policyVersions/policySource.ts'
import { createPolicySource } from '../policyVersions/policySource.ts'
import type { Identify } from '../rpc/caller.ts'
import type { ConfiguredApps } from '../rpc/identify.ts'
import { createIdentify } from '../rpc/identify.ts'
import type { Store } from '../store/store.ts'
import type { WebhookQueue } from '../webhooks/deliveries.ts'
import { webhookQueues } from '../webhooks/deliveries.ts'
import type { Outbox } from '../webhooks/outbox.ts'
import { createOutbox } from '../webhooks/outbox.ts'
import type { WebhookTables } from '../webhooks/tables.ts'
import { administration } from './administration.ts'
import { ledgerEvents } from './ledgerEvents.ts'
import type { RequestCounting } from './requestCounting.ts'
import { startWebhooks } from './webhooks.ts'

export type KeptWithStore = {
  /** Policies of the configuration and of the store. */
  policies: PolicySource
  /** @param keyTime Unix seconds that keys end by. */
  identify(configured: ConfiguredApps, counting: RequestCounting, keyTime: () => number): Identify
  outbox: Outbox
  /** What waits for each webhook. */
  webhookQueues: () => Promise<readonly WebhookQueue[]>
  observer: LedgerObserver
  administration(dryRun: DryRun | undefined): Omit<AdminContext, 'actor'>
  stop(): Promise<void>
}

/** What the service keeps in its store beside the ledger: apps, keys, policies, webhooks, the audit log. */
export function keepWithStore({
  store,
  config,
  policies,
  clock,
  log,
}: {
  store: Store
  config: Pick<
    ServiceConfig,
    | 'webhookKey'
    | 'allowPrivateWebhooks'
    | 'willSponsorSecrets'
    | 'etherPriceUsd'
    | 'priceFeed'
    | 'bundlerUrl'
  >
  /** Of the configuration. */
  policies: ReadonlyMap<string, Policy>
  clock: () => number
  log: Logger
}): KeptWithStore {
  const monotonic = () => performance.now()
  const directory = createKeyDirectory(store)
  const source = createPolicySource(store, policies)
  const outbox = createOutbox({ store, random: randomBytes, now: monotonic })
  const { webhookKey, allowPrivateWebhooks } = config
  const webhooks =
    webhookKey === undefined
      ? undefined
      : startWebhooks({
          store,
          webhookKey,
          allowPrivate: allowPrivateWebhooks,
          clock,
          random: Math.random,
          log,
          onChange: outbox.changed,
        })
  return {
    policies: source,
    outbox,
    webhookQueues: () => store.read(() => webhookQueues(store.db.withTables<WebhookTables>())),
    observer: ledgerEvents(outbox, clock),
    identify: (configured, counting, keyTime) =>
      createIdentify({ configured, stored: directory, counting, clock: keyTime }),
    administration: (dryRun) =>
      administration({
        store,
        clock,
        log,
        configuredPolicies: new Set(policies.keys()),
        means: policyMeans(config),
        webhookKey,
        allowPrivateWebhooks,
        dryRun,
        changed() {
          directory.changed()
          source.changed()
          outbox.changed()
        },
      }),
    async stop() {
      await webhooks?.stop()
    },
  }
}
