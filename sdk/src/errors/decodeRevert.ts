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

/** Errors that carry the revert data of a call below them, as their last value. */
const wrappers = ['FailedOpWithRevert', 'PostOpReverted', 'DelegateAndRevert', 'ExecuteError']

/** Errors of the account that have a class here, with the fields of the class for the values in their order. */
const sessionErrors: {
  readonly [errorName: string]: readonly [
    ErrorOf: new (values: never) => FabstirError,
    ...fields: string[],
  ]
} = {
  SessionKeyNotActive: [SessionKeyNotActiveError, 'key'],
  SessionUsesExhausted: [SessionUsesExhaustedError, 'key'],
  SessionCallNotAllowed: [SessionCallNotAllowedError, 'key', 'target', 'selector'],
  SessionSpendLimitExceeded: [SessionSpendLimitExceededError, 'key', 'token', 'asked', 'left'],
  SessionArgumentNotAllowed: [
    SessionArgumentNotAllowedError,
    ...['key', 'target', 'selector', 'index', 'value'],
  ],
  SessionPolicyInvalid: [SessionPolicyInvalidError, 'field', 'value', 'bound'],
  SessionPayerNotAllowed: [SessionPayerNotAllowedError, 'key', 'payer'],
  SessionGasCostExceeded: [SessionGasCostExceededError, 'key', 'cost', 'maxGasCost'],
}

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
  const { errorName, args } = error
  if (wrappers.includes(errorName)) return decodeRevert(args.at(-1) as Hex, { contracts, cause })
  const [ErrorOf, ...fields] = sessionErrors[errorName] ?? []
  if (!ErrorOf) return new ContractRevertedError({ errorName, args, data, cause })
  const values = Object.fromEntries(fields.map((field, index) => [field, args[index]]))
  const token = values.token ? tokenName(contracts, values.token as Address) : undefined
  const named = token && { token, decimals: knownDecimals(token) }
  return new ErrorOf({ ...values, ...named, cause } as never)
}

function decode(data: Hex) {
  const signature = findErrorSignature(data)
  if (!signature) return undefined
  try {
    const abi = parseAbi([`error ${signature}`] as readonly string[])
    const { errorName, args } = decodeErrorResult({ abi, data })
    return { errorName, args: (args as readonly unknown[] | undefined) ?? [] }
  } catch {
    return undefined
  }
}
