import { z } from 'zod'
import type { JsonValue } from '../policy/canonicalJson.ts'
import { type Policy, PolicyInvalidError } from '../policy/policy.ts'
import { unmetNeeds } from '../policyVersions/policyNeeds.ts'
import {
  findByHash,
  insertVersion,
  listVersions,
  nextVersion,
  PolicyVersionError,
  policyHeads,
  readVersion,
} from '../policyVersions/policyVersions.ts'
import type { PolicyTables } from '../policyVersions/tables.ts'
import { change } from './change.ts'
import { AdminError, conflict, notFound } from './errors.ts'
import type { AdminContext } from './operation.ts'
import { operation } from './operation.ts'

const id = z.string()
const document = z.looseObject({ id: z.string() })
const hash = z
  .string()
  .regex(
    /^0x([0-9a-fA-F]{32}|[0-9a-fA-F]{64})$/,
    'expected a hash of 32 bytes, or its first 16 as paymasterData has them',
  )

/** Checks a document and says which version it would be. */
export const validatePolicy = operation(
  'POST',
  '/policies/validate',
  z.strictObject({ document }),
  async (context, input) => {
    const db = context.store.db.withTables<PolicyTables>()
    const current = await readVersion(db, input.document.id)
    const { policy, changed } = next(context, input.document, current)
    return { ...summary(policy), changed }
  },
)

export const applyPolicy = operation(
  'PUT',
  '/policies',
  z.strictObject({ document }),
  (context, input) =>
    change(context, async (trx) => {
      const db = trx.withTables<PolicyTables>()
      const current = await readVersion(db, input.document.id)
      const { policy, changed } = next(context, input.document, current)
      if (changed) await insertVersion(db, policy, { at: context.clock(), actor: context.actor })
      return {
        action: 'policy.apply',
        subject: `policy/${policy.id}`,
        before: current && policyState(current),
        after: policyState(policy),
        result: { ...summary(policy), changed },
      }
    }),
)

/** What every rule of the policies says to an operation; nothing is spent. */
export const dryRunPolicy = operation(
  'POST',
  '/policies/dry-run',
  z
    .strictObject({
      policies: z.array(id).min(1).max(100).optional(),
      document: document.optional(),
      userOperation: z.record(z.string(), z.unknown()),
      entryPoint: z.string(),
      origin: z.string().optional(),
    })
    .refine(({ policies, document: given }) => (policies === undefined) !== (given === undefined), {
      error: 'expected one of policies and document',
    }),
  async (context, input) => {
    if (!context.dryRun)
      throw new AdminError('unavailable', [{ field: 'rpcUrl', message: 'expected a chain node' }])
    return context.dryRun({
      ...input,
      ...(input.document ? { policy: parse(input.document) } : {}),
    })
  },
)

export const policies = operation('GET', '/policies', z.strictObject({}), ({ store }) =>
  policyHeads(store.db.withTables<PolicyTables>()),
)

export const policy = operation(
  'GET',
  '/policies/:id',
  z.strictObject({ id, version: z.coerce.number().int().min(1).optional() }),
  async ({ store }, input) => {
    const found = await readVersion(store.db.withTables<PolicyTables>(), input.id, input.version)
    const wanted = input.version === undefined ? '' : ` with version ${input.version}`
    return found ?? Promise.reject(notFound('id', `there is no policy ${input.id}${wanted}`))
  },
)

export const versions = operation(
  'GET',
  '/policies/:id/versions',
  z.strictObject({ id }),
  async ({ store }, input) => {
    const found = await listVersions(store.db.withTables<PolicyTables>(), input.id)
    if (found.length === 0) throw notFound('id', `there is no policy ${input.id}`)
    return found.map(({ document: _, ...version }) => version)
  },
)

/** The version that paid for an operation on chain. */
export const policyByHash = operation(
  'GET',
  '/policy-hashes/:hash',
  z.strictObject({ hash }),
  async ({ store }, input) => {
    const found = await findByHash(store.db.withTables<PolicyTables>(), input.hash)
    return found ?? Promise.reject(notFound('hash', `no policy ever had the hash ${input.hash}`))
  },
)

function next(
  { configuredPolicies, means }: AdminContext,
  input: z.infer<typeof document>,
  current: Parameters<typeof nextVersion>[1],
): ReturnType<typeof nextVersion> {
  if (configuredPolicies.has(input.id))
    throw conflict('document.id', `${input.id} is a policy of the configuration; change it there`)
  const following = nextOf(input, current)
  const unmet = unmetNeeds(following.policy, means)
  if (unmet.length > 0)
    throw new AdminError(
      'invalid',
      unmet.map(({ field, message }) => ({ field: `document.${field}`, message })),
    )
  return following
}

function nextOf(...[input, current]: Parameters<typeof nextVersion>) {
  try {
    return nextVersion(input, current)
  } catch (error) {
    throw policyError(error)
  }
}

function parse(input: unknown): Policy {
  return nextOf(input, undefined).policy
}

/** With the place of the document in the input. */
function policyError(error: unknown): unknown {
  if (error instanceof PolicyInvalidError)
    return new AdminError(
      'invalid',
      error.issues.map(({ field, message }) => ({ field: `document.${field}`, message })),
    )
  if (error instanceof PolicyVersionError)
    return conflict('document.version', error.message.replace(/^version: /, ''))
  return error
}

function summary({ id: policyId, version, hash: whole, onChainHash }: Policy) {
  return { id: policyId, version, hash: whole, onChainHash }
}

/** What the audit log hashes of a policy. */
export function policyState({
  id: policyId,
  version,
  hash: whole,
}: Pick<Policy, 'id' | 'version'> & { hash: string }): JsonValue {
  return { id: policyId, version, hash: whole }
}
