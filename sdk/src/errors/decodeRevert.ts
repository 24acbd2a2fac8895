import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type Address, decodeErrorResult, type Hex } from 'viem'
import { findErrorSignature } from '../contracts/knownErrors.ts'
import { parseAbi } from '../contracts/parseAbi.ts'
import { knownDecimals, tokenName } from '../contracts/tokens.ts'
import type { FabstirError } from './base.ts'
import { ContractRevertedError } from './contract.ts'
import {
  SessionArgumentNotAllowedError,
  SessionCallNotAllowedError,
  SessionGasCostExceededError,
  SessionKeyNotActiveError,
  SessionPayerNotAllowedError,
  SessionPolicyInvalidError,
  SessionSpendLimitExceededError,
  SessionUsesExhaustedError,
} from './session.ts'

/** Errors that carry the revert data of a call below them. */
const wrappers = [
  'FailedOpWithRevert(uint256,string,bytes)',
  'PostOpReverted(bytes)',
  'DelegateAndRevert(bool,bytes)',
  'ExecuteError(uint256,bytes)',
]

/**
 * Typed error of revert data, through the wrappers of EntryPoints and accounts.
 * @returns `undefined` when the data is empty or of no error that this package knows.
 */
export function decodeRevert(
  data: Hex | undefined,
  { contracts, cause }: { contracts: AddressBook; cause?: Error | undefined },
): FabstirError | undefined {
  if (!data || data === '0x') return undefined
  const error = decode(data)
  if (!error) return undefined
  const { errorName, args, signature } = error
  if (wrappers.includes(signature)) return decodeRevert(args.at(-1) as Hex, { contracts, cause })
  return (
    toSessionError(errorName, args, { contracts, cause }) ??
    new ContractRevertedError({ errorName, args, data, cause })
  )
}

function toSessionError(
  errorName: string,
  args: readonly unknown[],
  { contracts, cause }: { contracts: AddressBook; cause?: Error | undefined },
): FabstirError | undefined {
  const [first, second, third, fourth, fifth] = args
  const key = first as Address
  switch (errorName) {
    case 'SessionKeyNotActive':
      return new SessionKeyNotActiveError({ key, cause })
    case 'SessionUsesExhausted':
      return new SessionUsesExhaustedError({ key, cause })
    case 'SessionCallNotAllowed':
      return new SessionCallNotAllowedError({
        key,
        target: second as Address,
        selector: third as Hex,
        cause,
      })
    case 'SessionSpendLimitExceeded': {
      const token = tokenName(contracts, second as Address)
      return new SessionSpendLimitExceededError({
        key,
        token,
        decimals: knownDecimals(token),
        asked: third as bigint,
        left: fourth as bigint,
        cause,
      })
    }
    case 'SessionArgumentNotAllowed':
      return new SessionArgumentNotAllowedError({
        key,
        target: second as Address,
        selector: third as Hex,
        index: fourth as bigint,
        value: fifth as Hex,
        cause,
      })
    case 'SessionPolicyInvalid':
      return new SessionPolicyInvalidError({
        field: String(first),
        value: second as bigint,
        bound: third as bigint,
        cause,
      })
    case 'SessionPayerNotAllowed':
      return new SessionPayerNotAllowedError({ key, payer: second as Address, cause })
    case 'SessionGasCostExceeded':
      return new SessionGasCostExceededError({
        key,
        cost: second as bigint,
        maxGasCost: third as bigint,
        cause,
      })
    default:
      return undefined
  }
}

function decode(data: Hex) {
  const signature = findErrorSignature(data)
  if (!signature) return undefined
  try {
    const abi = parseAbi([`error ${signature}`] as readonly string[])
    const { errorName, args } = decodeErrorResult({ abi, data })
    return { errorName, args: (args as readonly unknown[] | undefined) ?? [], signature }
  } catch {
    return undefined
  }
}
