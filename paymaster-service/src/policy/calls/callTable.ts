import type { AbiParameter, Address, Hex } from 'viem'
import { parseAbiParameters, toFunctionSelector } from 'viem'
import type { Codec } from '../accounts/abiCodec.ts'
import type { CallPermission } from '../document/callSchemas.ts'
import type { Argument } from './argumentCodec.ts'
import { argumentsCodec, UnreadableTypeError } from './argumentCodec.ts'
import type { ArgumentCheck } from './argumentConditions.ts'
import { argumentCheck, ConditionInvalidError } from './argumentConditions.ts'

/** One way in which a call is allowed. */
export type CallRule = {
  /** Most ETH, wei; `undefined` is no ceiling. */
  maxValue: bigint | undefined
  /** Conditions on the arguments, and how they are read; without any, arguments are not looked at. */
  arguments: { codec: Codec<readonly Argument[]>; checks: readonly ArgumentCheck[] } | undefined
}

/** By {@link callKey}. */
export type CallTable = ReadonlyMap<string, readonly CallRule[]>

/** What is wrong with an entry of `calls`. */
export type CallIssue = { field: string; message: string }

/** Prepares `calls` of a document, or says what in it has no meaning. */
export function callTable(calls: readonly CallPermission[]): {
  table: CallTable
  issues: readonly CallIssue[]
} {
  const table = new Map<string, CallRule[]>()
  const issues: CallIssue[] = []
  for (const [index, permission] of calls.entries()) {
    for (const [position, name] of permission.functions.entries()) {
      try {
        const key = callKey(permission.target, selectorOf(name))
        table.set(key, [...(table.get(key) ?? []), callRule(permission, name)])
      } catch (error) {
        if (!(error instanceof UnreadableTypeError || error instanceof ConditionInvalidError))
          throw error
        const field = `calls.${index}.functions.${position}`
        issues.push({ field, message: `${name}: ${error.message}` })
      }
    }
  }
  return { table, issues }
}

/** `target:selector`, both in lower case; selector `0x` for a call without data. */
export function callKey(target: Address | 'account', selector: Hex): string {
  return `${target}:${selector}`.toLowerCase()
}

function selectorOf(name: string): Hex {
  return name.startsWith('0x') ? (name as Hex) : toFunctionSelector(name)
}

function callRule(
  { arguments: conditions = [], maxValue }: CallPermission,
  name: string,
): CallRule {
  const isSignature = !name.startsWith('0x')
  if (!isSignature && conditions.length > 0)
    throw new ConditionInvalidError('conditions on arguments need a signature, not a selector')
  const parameters = isSignature ? parametersOf(name) : []
  const codec = argumentsCodec(parameters)
  return {
    maxValue: maxValue === 'any' ? undefined : BigInt(maxValue ?? 0),
    arguments:
      conditions.length === 0
        ? undefined
        : { codec, checks: conditions.map((condition) => argumentCheck(parameters, condition)) },
  }
}

function parametersOf(signature: string): readonly AbiParameter[] {
  const begin = signature.indexOf('(')
  const list = signature.slice(begin + 1, -1)
  const inputs = list === '' ? [] : parse(list)
  // The selector is made of the text as it stands: short names of types would give that of nothing.
  const written = toFunctionSelector({
    type: 'function',
    name: signature.slice(0, begin),
    inputs,
    outputs: [],
    stateMutability: 'nonpayable',
  })
  if (written !== toFunctionSelector(signature))
    throw new UnreadableTypeError('expected the full names of types, uint256 for uint')
  return inputs
}

function parse(list: string): readonly AbiParameter[] {
  try {
    return parseAbiParameters(list) as readonly AbiParameter[]
  } catch {
    throw new UnreadableTypeError(`expected ABI types, not ${list}`)
  }
}
