import type { Address, Hex, SignedAuthorization } from 'viem'
import type { CurrentState } from '../chain/stateProbe.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { OperationFailure } from './dryRun.ts'

export type AuthorizationCheck = {
  failures: OperationFailure[]
  /** What the transaction must carry: at most one per sender. */
  authorizations: SignedAuthorization[]
}

/** Nonces below that of an authorization in which an account may still be, so that it becomes valid later. */
const NONCES_AHEAD = 16

/** An account has one delegate in a bundle: operations for another delegate wait. */
export function withOneDelegate<T extends PooledOperation>(operations: readonly T[]): T[] {
  const delegates = new Map<Address, Address>()
  return operations.filter(({ op: { sender, eip7702Auth } }) => {
    if (!eip7702Auth) return true
    const delegate = delegates.get(sender) ?? eip7702Auth.address
    delegates.set(sender, delegate)
    return delegate === eip7702Auth.address
  })
}

/** Senders whose code and nonce `checkAuthorizations` wants to know, in lower case. */
export function authorizedSenders(operations: readonly PooledOperation[]): Address[] {
  const senders = operations.flatMap(({ op }) => (op.eip7702Auth ? [lower(op.sender)] : []))
  return [...new Set(senders)]
}

/**
 * Re-checks EIP-7702 authorizations against the chain: a tuple with a used nonce is skipped on chain
 * without an error, and the operation would run on the old code.
 */
export function checkAuthorizations(
  state: Pick<CurrentState, 'accounts' | 'hasNonce'>,
  operations: readonly PooledOperation[],
): AuthorizationCheck {
  const check: AuthorizationCheck = { failures: [], authorizations: [] }
  const carried = new Set<Address>()
  for (const operation of operations) {
    const { sender, eip7702Auth } = operation.op
    if (!eip7702Auth || carried.has(sender)) continue
    const account = lower(sender)
    if (state.accounts.get(account)?.delegate?.toLowerCase() === lower(eip7702Auth.address))
      continue
    const { nonce } = eip7702Auth
    if (state.hasNonce(account, nonce)) {
      carried.add(sender)
      check.authorizations.push(eip7702Auth)
      continue
    }
    const before = Array.from({ length: Math.min(NONCES_AHEAD, nonce) }, (_, n) => nonce - 1 - n)
    const next = before.find((candidate) => state.hasNonce(account, candidate))
    check.failures.push({
      operation,
      reason: {
        rule: next === undefined ? 'eip7702Nonce' : 'eip7702NonceAhead',
        message:
          next === undefined
            ? `the EIP-7702 authorization has nonce ${nonce}, which the account has used`
            : `the EIP-7702 authorization has nonce ${nonce}, the account has ${next}`,
      },
    })
  }
  return check
}

function lower(address: Hex): Address {
  return address.toLowerCase() as Address
}
