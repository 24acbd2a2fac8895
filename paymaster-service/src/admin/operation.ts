import type { z } from 'zod'
import type { AuditEntry } from '../audit/auditChain.ts'
import type { PolicyMeans } from '../policyVersions/policyNeeds.ts'
import type { Store } from '../store/store.ts'
import type { DryRun } from './dryRun.ts'
import { AdminError } from './errors.ts'
import type { PaymasterAdministration } from './paymasterAdministration.ts'

/** What administration needs; the service and the command line each make one. */
export type AdminContext = {
  store: Store
  /** Who asks, as the audit log has it: `admin:<name>` or `cli:<name>`. */
  actor: string
  /** Unix seconds. */
  clock: () => number
  random: (size: number) => Uint8Array
  /** Policy ids of the configuration: they cannot be stored as well. */
  configuredPolicies: ReadonlySet<string>
  /** What the configuration has that policies may need. */
  means: PolicyMeans
  /** The secret that those of webhooks are derived from. */
  webhookKey: string | undefined
  allowPrivateWebhooks: boolean
  dryRun: DryRun | undefined
  /** Of a running service. */
  paymasters?: PaymasterAdministration
  /** Told after each change with its entry in the audit log. */
  onChange: (entry: AuditEntry) => void
}

/** One thing that can be asked, over HTTP and from the command line alike. */
export type Operation = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/admin`, with parameters like `:id`. */
  path: string
  /** @param input Path parameters, query and body in one object. */
  run(context: AdminContext, input: unknown): Promise<unknown>
}

/** An operation whose input is checked before it runs. */
export function operation<schema extends z.ZodType>(
  method: Operation['method'],
  path: string,
  input: schema,
  run: (context: AdminContext, input: z.output<schema>) => Promise<unknown>,
): Operation {
  return {
    method,
    path,
    async run(context, raw) {
      const parsed = input.safeParse(raw)
      if (parsed.success) return run(context, parsed.data)
      throw new AdminError(
        'invalid',
        parsed.error.issues.map(({ path: field, message }) => ({
          field: field.map(String).join('.') || 'input',
          message,
        })),
      )
    },
  }
}
