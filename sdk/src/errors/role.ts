import type { Address } from 'viem'
import type { Role } from '../actions/protocol/hasRole.ts'
import { FabstirError } from './base.ts'

/** The account does not hold the role that an action takes. */
export class RoleRequiredError extends FabstirError {
  override name = 'RoleRequiredError'
  account: Address
  role: Role

  constructor({ account, role: { role, ...of } }: { account: Address; role: Role }) {
    const [subject] = Object.entries(of).map(([name, value]) => ` of ${name} ${describe(value)}`)
    super(`${account} is not the ${role}${subject ?? ''}.`)
    this.account = account
    this.role = { role, ...of } as Role
  }
}

const describe = (value: unknown) =>
  typeof value === 'object' && value !== null ? Object.values(value).join(' ') : `${value}`
