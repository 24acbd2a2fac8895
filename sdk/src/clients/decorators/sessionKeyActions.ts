import { listSessionKeys } from '../../actions/session/listSessionKeys.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindActions } from './bindActions.ts'

/** What a wallet shows of an account's session keys. */
export type SessionKeyActions = ReturnType<typeof sessionKeyActions>

/**
 * What a wallet shows of an account's session keys: bound to a client.
 * @example
 * const wallet = createFabstirClient({ account, transport, paymaster }).extend(sessionKeyActions)
 * const keys = await wallet.listSessionKeys()
 */
export function sessionKeyActions(client: WriteClient) {
  return bindActions(client, {
    /** Every key that was ever installed, with what is left of it. */
    listSessionKeys,
  })
}
