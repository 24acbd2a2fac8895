import type { CurrentState, StateQuery } from '../chain/stateProbe.ts'
import type { TransactionConditions } from '../chain/transactionSender.ts'
import type { DropReason } from '../types/operationUpdate.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import type { ValidationChange } from '../types/validationRecord.ts'

export type SecondVerdict =
  /** `change` is absent when nothing is known of the first validation. */
  | { verdict: 'valid'; change?: ValidationChange }
  /** It contradicts the dry run, so it speaks of another state: the operation waits for another look. */
  | { verdict: 'unclear' }
  | { verdict: 'invalid'; reason: DropReason }

/**
 * [ERC-7562] The second validation of operations, directly before their bundle. It is left out for an
 * operation while all that its first validation depended on is as it was.
 */
export type SecondValidation = {
  /** State on which validation depended; addresses in lower case. */
  query(operations: readonly PooledOperation[]): Pick<StateQuery, 'slots' | 'accounts'>
  /** Operations whose validation could come out differently now. */
  changed(operations: readonly PooledOperation[], state: CurrentState): PooledOperation[]
  /**
   * Validates again.
   * @param minBlock Number of the oldest block that an answer may come from.
   * @throws RpcError `nodeUnavailable`.
   */
  revalidate(operation: PooledOperation, minBlock: number): Promise<SecondVerdict>
  /**
   * State without which a bundle of these operations should not be included; absent when unknown.
   * @param state In which they were found valid: it may differ from that of the first validation.
   */
  conditions(
    operations: readonly PooledOperation[],
    state: Pick<CurrentState, 'slots'>,
  ): TransactionConditions | undefined
}

/** For operations that were admitted without tracing: the dry run judges all that was judged before. */
export const noSecondValidation: SecondValidation = {
  query: () => ({ slots: [], accounts: [] }),
  changed: () => [],
  revalidate: async () => ({ verdict: 'valid' }),
  conditions: () => undefined,
}
