import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { getAddress, isAddress, numberToHex } from 'viem'
import type { DryRun } from '../admin/dryRun.ts'
import { AdminError } from '../admin/errors.ts'
import type { AdminContext } from '../admin/operation.ts'
import type { PolicyMeans } from '../policyVersions/policyNeeds.ts'
import type { PolicySource } from '../policyVersions/policySource.ts'
import { formatDryRun } from '../rpc/pm/format.ts'
import type { ServedEntryPoint } from '../rpc/pm/served.ts'
import { findEntryPoint } from '../rpc/pm/served.ts'
import { parseSponsorshipParams } from '../rpc/schemas.ts'
import type { Sponsor } from '../sponsorship/sponsor.ts'
import type { Store } from '../store/store.ts'

export type AdministrationParameters = {
  store: Store
  /** Unix seconds. */
  clock: () => number
  log: Logger
  configuredPolicies: ReadonlySet<string>
  means: PolicyMeans
  webhookKey: string | undefined
  allowPrivateWebhooks: boolean
  dryRun: DryRun | undefined
  /** Told after each change: what was read of the store is to be read again. */
  changed: () => void
}

/** What administration works with, in the service and from the command line. */
export function administration({
  log,
  changed,
  ...parameters
}: AdministrationParameters): Omit<AdminContext, 'actor'> {
  return {
    ...parameters,
    random: randomBytes,
    onChange({ seq, hash, actor, action, subject }) {
      changed()
      // Where logs are kept apart from the store, these lines are the anchors of `audit verify`.
      log.info({ anchor: `${seq}:${hash}`, actor, action, subject }, 'administration')
    },
  }
}

/** A dry run on the sponsor of the service. */
export function dryRunWith({
  chainId,
  served,
  policies,
  sponsor,
}: {
  chainId: number
  served: readonly ServedEntryPoint[]
  policies: Pick<PolicySource, 'policies'>
  sponsor: Pick<Sponsor, 'dryRun'>
}): DryRun {
  return async ({ policy, policies: ids = [], userOperation, entryPoint, origin }) => {
    if (!isAddress(entryPoint, { strict: false }))
      throw new AdminError('invalid', [
        { field: 'entryPoint', message: 'expected a 20-byte hex address' },
      ])
    const params = parseSponsorshipParams([
      userOperation,
      getAddress(entryPoint),
      numberToHex(chainId),
    ])
    const found = policy ? [policy] : await policies.policies(ids)
    const unknown = policy ? undefined : ids.find((id) => !found.some((each) => each.id === id))
    if (unknown !== undefined)
      throw new AdminError('notFound', [
        { field: 'policies', message: `there is no policy ${unknown}` },
      ])
    const match = findEntryPoint({ chainId, served }, params)
    const caller = { app: undefined, keyId: undefined, rateKey: undefined, origin }
    return formatDryRun(await sponsor.dryRun({ ...match, op: params.op, policies: found, caller }))
  }
}
