import type { Hash } from 'viem'
import type { SessionGrant } from '../../accounts/session/sessionGrant.ts'
import { getSessionKey, type SessionKeyState } from '../../actions/session/getSessionKey.ts'
import { type GrantSessionParameters, grantSession } from '../../actions/session/grantSession.ts'
import { grantSessionSync } from '../../actions/session/grantSessionSync.ts'
import {
  type RevokeSessionEvent,
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
  revokeSession(grant: SessionGrant): Promise<Hash>
  revokeSessionSync(grant: SessionGrant): Promise<RevokeSessionEvent & { userOperationHash: Hash }>
  /** What is left of a grant. */
  getSessionKey(grant: SessionGrant): Promise<SessionKeyState>
}

/** Binds the session actions to a client. */
export function sessionActions(client: WriteClient): SessionActions {
  return {
    grantSession: (parameters) => grantSession(client, parameters),
    grantSessionSync: (parameters) => grantSessionSync(client, parameters),
    revokeSession: (grant) => revokeSession(client, grant),
    revokeSessionSync: (grant) => revokeSessionSync(client, grant),
    getSessionKey: (grant) => getSessionKey(client, grant),
  }
}
