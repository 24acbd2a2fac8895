import type { UseQueryResult } from '@tanstack/react-query'
import { getSession, type Session } from '../actions/marketplace/getSession.ts'
import { useView, type ViewOptions } from './useView.ts'

/**
 * A session as the chain has it.
 * @example
 * const { data: session } = useSession({ sessionId }, { refetchInterval: 5_000 })
 */
export function useSession(
  { sessionId }: { sessionId: bigint | undefined },
  options?: ViewOptions<Session>,
): UseQueryResult<Session, Error> {
  return useView(getSession, sessionId === undefined ? undefined : { sessionId }, options)
}
