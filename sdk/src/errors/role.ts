import type { Address } from 'viem'
import type { Role } from '../actions/protocol/hasRole.ts'
import { FabstirError, type ValuesOf } from './base.ts'

/** The account does not hold the role that an action takes. */
export class RoleRequiredError extends FabstirError {
  override name = 'RoleRequiredError'
  declare account: Address
  declare role: Role

  constructor(values: ValuesOf<RoleRequiredError>) {
    const { role, ...of } = values.role
    const [subject] = Object.entries(of).map(([name, value]) => ` of ${name} ${describe(value)}`)
    super(`${values.account} is not the ${role}${subject ?? ''}.`, values)
  }
}

const describe = (value: unknown) =>
  typeof value === 'object' && value !== null ? Object.values(value).join(' ') : `${value}`
