import { distributeFees } from '../../actions/marketplace/distributeFees.ts'
import { resolveDispute } from '../../actions/marketplace/resolveDispute.ts'
import { assertRole } from '../../actions/protocol/assertRole.ts'
import { getAcceptedToken } from '../../actions/protocol/getAcceptedToken.ts'
import { getBreaker } from '../../actions/protocol/getBreaker.ts'
import { getProtocol } from '../../actions/protocol/getProtocol.ts'
import { hasRole } from '../../actions/protocol/hasRole.ts'
import type { WriteClient } from '../../types/client.ts'
import { bindAction, bindActions } from './bindActions.ts'

/** Actions of those who run the protocol, and its state: roles, fees, windows, breaker. */
export type ProtocolActions = ReturnType<typeof protocolActions>

/**
 * Actions of those who run the protocol, and its state: roles, fees, windows, breaker: bound to a client.
 * @example
 * const arbiter = createFabstirClient({ account, transport, paymaster }).extend(protocolActions)
 */
export function protocolActions(client: WriteClient) {
  return {
    ...bindActions(client, {
      /** Decides a dispute. The arbiter only. */
      resolveDispute,
      /** Pays collected fees to the treasury and the stakers. */
      distributeFees,
      /** The circuit breaker, and what an account may open now. */
      getBreaker,
      /** Fees, windows, bonds and stakes as they are now. */
      getProtocol,
      /** Whether an account may act in a role. */
      hasRole,
      /** Refuses what an account may not do. */
      assertRole,
    }),
    /** Whether the marketplace takes a token, and within which limits. */
    getAcceptedToken: bindAction(client, getAcceptedToken),
  }
}
