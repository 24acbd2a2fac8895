import type { Hash } from 'viem'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { getSessionKey, type SessionKeyState } from '../../actions/session/getSessionKey.ts'
import { type GrantSessionParameters, grantSession } from '../../actions/session/grantSession.ts'
import { grantSessionSync } from '../../actions/session/grantSessionSync.ts'
import {
  type InstalledSessionKey,
  type ListSessionKeysParameters,
  listSessionKeys,
} from '../../actions/session/listSessionKeys.ts'
import {
  type RevokeAllSessionsEvent,
  revokeAllSessions,
  revokeAllSessionsSync,
} from '../../actions/session/revokeAllSessions.ts'
import {
  type RevokeSessionEvent,
  type RevokeSessionParameters,
  revokeSession,
  revokeSessionSync,
} from '../../actions/session/revokeSession.ts'
import type { WriteClient } from '../../types/client.ts'

/** Session keys of the client's account. */
export type SessionActions = {
  /** Signs a grant; the key's first operation installs it. */
  grantSession(parameters: GrantSessionParameters): Promise<SessionGrant>
  /** Installs a grant by an operation. */
  grantSessionSync(parameters: GrantSessionParameters): Promise<SessionGrant>
  /** Revokes the key or cancels the grant, whichever applies. */
  revokeSession(grant: RevokeSessionParameters): Promise<Hash>
  revokeSessionSync(
    grant: RevokeSessionParameters,
  ): Promise<RevokeSessionEvent & { userOperationHash: Hash }>
  /** Ends every key and every signed grant of the account. */
  revokeAllSessions(): Promise<Hash>
  revokeAllSessionsSync(): Promise<RevokeAllSessionsEvent & { userOperationHash: Hash }>
  /** What is left of a grant. */
  getSessionKey(grant: SessionGrant): Promise<SessionKeyState>
  /** Every key that was ever installed, with what is left of it. */
  listSessionKeys(parameters?: ListSessionKeysParameters): Promise<InstalledSessionKey[]>
}

/** Binds the session actions to a client. */
export function sessionActions(client: WriteClient): SessionActions {
  return {
    grantSession: (parameters) => grantSession(client, parameters),
    grantSessionSync: (parameters) => grantSessionSync(client, parameters),
    revokeSession: (grant) => revokeSession(client, grant),
    revokeSessionSync: (grant) => revokeSessionSync(client, grant),
    revokeAllSessions: () => revokeAllSessions(client),
    revokeAllSessionsSync: () => revokeAllSessionsSync(client),
    getSessionKey: (grant) => getSessionKey(client, grant),
    listSessionKeys: (parameters) => listSessionKeys(client, parameters),
  }
}
