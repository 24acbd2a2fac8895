import { RoleRequiredError } from '../../errors/role.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { type HasRoleParameters, hasRole } from './hasRole.ts'

/**
 * Refuses what an account may not do, before anything is prepared.
 * @throws {RoleRequiredError} When the account does not hold the role.
 * @example
 * await assertRole(client, { role: 'acceptingHost' })
 * await client.claimJob({ jobId })
 */
export async function assertRole(
  client: AccountReadClient,
  parameters: HasRoleParameters,
): Promise<void> {
  const { account = client.account.address, ...role } = parameters
  if (!(await hasRole(client, parameters))) throw new RoleRequiredError({ account, role })
}
