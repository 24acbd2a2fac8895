import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { getNextNonce } from '../chain/entryPointState.ts'
import type { ChainReader } from '../chain/reader.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { nonceOverride } from '../simulation/nonceOverride.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { ValidationResult, Validator } from '../validation/validate.ts'

export type ValidateInTurnDependencies = {
  reader: Pick<ChainReader, 'call'>
  validator: Pick<Validator, 'validate'>
  mempool: Pick<Mempool, 'nextNonce' | 'occupantOf'>
  /** How far a nonce may be ahead of the next one of its key. */
  maxNoncesAhead: number
}

export type ValidationInTurn = {
  validation: ValidationResult
  /** 0 when the chain accepts the nonce next. */
  noncesAhead: bigint
}

/**
 * Validates an operation as it will be when its turn comes: behind others on its nonce key, it is
 * validated as if they had been included. What they do to the chain beside the nonce is not foreseen:
 * an account that the first of them deploys has no code for the next.
 * @throws RpcError of the validation; -32500 `nonceTooFar` when too many nonces are missing.
 */
export async function validateInTurn(
  deps: ValidateInTurnDependencies,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
): Promise<ValidationInTurn> {
  const { validator, mempool } = deps
  const next = mempool.nextNonce({ op, entryPoint })
  if (next !== undefined && op.nonce > next && hasPredecessor(deps, op, entryPoint)) {
    return validateAhead(deps, { op, entryPoint, next })
  }
  try {
    return { validation: await validator.validate(op, entryPoint), noncesAhead: 0n }
  } catch (error) {
    if (!isWrongNonce(error)) throw error
    const onChain = await getNextNonce(deps.reader, entryPoint.address, op)
    // Used already, or the two answers come from nodes that do not agree.
    if (op.nonce <= onChain) throw error
    return validateAhead(deps, { op, entryPoint, next: onChain })
  }
}

async function validateAhead(
  { validator, maxNoncesAhead }: ValidateInTurnDependencies,
  { op, entryPoint, next }: { op: UserOperation; entryPoint: EntryPointAdapter; next: bigint },
): Promise<ValidationInTurn> {
  const noncesAhead = op.nonce - next
  if (noncesAhead > BigInt(maxNoncesAhead)) {
    throw new RpcError(
      rpcErrorCode.validationRejected,
      `AA25 invalid account nonce: it is ${noncesAhead} ahead of the next one of its key, ${maxNoncesAhead} are allowed`,
      {
        rule: 'nonceTooFar',
        aaCode: 'AA25',
        entity: 'account',
        nonce: op.nonce,
        next,
        limit: maxNoncesAhead,
      },
    )
  }
  const validation = await validator.validate(op, entryPoint, nonceOverride(op, entryPoint))
  return { validation, noncesAhead }
}

/** What the pool knows of the next nonce holds as long as it is complete up to this operation. */
function hasPredecessor(
  { mempool }: ValidateInTurnDependencies,
  op: UserOperation,
  entryPoint: EntryPointAdapter,
): boolean {
  return mempool.occupantOf({ op: { ...op, nonce: op.nonce - 1n }, entryPoint }) !== undefined
}

function isWrongNonce(error: unknown): boolean {
  return error instanceof RpcError && (error.data as { aaCode?: string })?.aaCode === 'AA25'
}
