import { type Hex, hexToString, stringToHex } from 'viem'
import { parseSessionGrant } from '../accounts/session/parseSessionGrant.ts'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'

/** The `context` of a permission: the JSON text of its grant in UTF-8. */
export const toPermissionContext = (grant: SessionGrant): Hex => stringToHex(JSON.stringify(grant))

/**
 * The grant in the `context` of a permission of ERC-7715, for `toSessionAccount` or `withSession`.
 * @throws {SessionGrantInvalidError} When it holds no grant.
 * @example
 * const grant = toPermissionGrant(permission.context)
 * const account = toSessionAccount({ client: chainClient, grant, key: appKey })
 */
export function toPermissionGrant(context: Hex): SessionGrant {
  return parseSessionGrant(hexToString(context))
}
