import type { Address, SignedAuthorization } from 'viem'
import { getCode, getTransactionCount } from '../chain/blocks.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { delegationCode } from './delegationCode.ts'
import type { OperationFailure } from './dryRun.ts'

export type AuthorizationCheck = {
  operations: PooledOperation[]
  failures: OperationFailure[]
  /** What the transaction must carry: at most one per sender. */
  authorizations: SignedAuthorization[]
}

/**
 * Re-checks EIP-7702 authorizations against the chain: a tuple with a used nonce is skipped on chain
 * without an error, and the operation would run on the old code.
 */
export async function checkAuthorizations(
  reader: Pick<ChainReader, 'request'>,
  operations: readonly PooledOperation[],
): Promise<AuthorizationCheck> {
  const check: AuthorizationCheck = { operations: [], failures: [], authorizations: [] }
  const authorized = new Map<Address, Address>()
  for (const operation of operations) {
    const { sender, eip7702Auth } = operation.op
    const delegate = authorized.get(sender)
    if (!eip7702Auth || delegate !== undefined) {
      // An account has one delegate in a bundle: one for another delegate waits.
      if (!eip7702Auth || delegate === eip7702Auth.address) check.operations.push(operation)
      continue
    }
    const [code, nonce] = await Promise.all([
      getCode(reader, sender),
      getTransactionCount(reader, sender),
    ])
    if (code.toLowerCase() === delegationCode(eip7702Auth.address)) {
      check.operations.push(operation)
    } else if (nonce === eip7702Auth.nonce) {
      authorized.set(sender, eip7702Auth.address)
      check.authorizations.push(eip7702Auth)
      check.operations.push(operation)
    } else {
      const message = `the EIP-7702 authorization has nonce ${eip7702Auth.nonce}, the account has ${nonce}`
      check.failures.push({ operation, reason: { rule: 'eip7702Nonce', message } })
    }
  }
  return check
}
