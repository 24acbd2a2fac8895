import type { UseMutationResult } from '@tanstack/react-query'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import { type GrantSessionParameters, grantSession } from '../actions/session/grantSession.ts'
import { useWrite, type WriteOptions } from './useWrite.ts'

/**
 * Grants a session key: the owner signs, and nothing is sent. `useAction(revokeSession)` ends a grant.
 * @example
 * const { mutateAsync } = useGrantSession()
 * const grant = await mutateAsync({ key: appKey.address, expiresIn: '24h', scope: ['claimJob'] })
 */
export function useGrantSession(
  options?: WriteOptions<SessionGrant, GrantSessionParameters>,
): UseMutationResult<SessionGrant, Error, GrantSessionParameters> {
  return useWrite(grantSession, options)
}
