import type { AbiParameter, Address } from 'viem'
import { isAddress, pad, stringToHex } from 'viem'
import type { ArgumentCondition } from '../document/callSchemas.ts'
import type { Argument } from './argumentCodec.ts'
import { digitsOf, listOf, membersOf } from './argumentCodec.ts'

/** Whether the arguments of a call of `account` hold one condition. */
export type ArgumentCheck = (given: readonly Argument[], account: Address) => boolean

/** A condition that says nothing about its argument. */
export class ConditionInvalidError extends Error {
  override name = 'ConditionInvalidError'
}

type Step = number | '*'
type ValueCheck = (value: string, account: Address) => boolean

/**
 * Prepares a condition on arguments of these types.
 * @throws ConditionInvalidError naming what does not fit the type.
 */
export function argumentCheck(
  parameters: readonly AbiParameter[],
  condition: ArgumentCondition,
): ArgumentCheck {
  const path: readonly Step[] = Array.isArray(condition.index)
    ? condition.index
    : [condition.index as number]
  const type = typeAt(parameters, path)
  const checks = valueChecks(type, condition)
  return (given, account) =>
    valuesAt(given, path).every((value) => checks.every((check) => check(value, account)))
}

/** The type at the end of `path`, which must be a single value. */
function typeAt(parameters: readonly AbiParameter[], path: readonly Step[]): string {
  let members = parameters
  let found: AbiParameter | undefined
  for (const step of path) {
    const list = found && listOf(found)
    if (list) {
      if (step !== '*' && (list.length === undefined || step >= list.length))
        throw new ConditionInvalidError(`index: expected "*" into the list ${found?.type}`)
      found = list.element
    } else {
      found = step === '*' ? undefined : members[step]
      if (!found) throw new ConditionInvalidError(`index: there is no argument ${path.join('.')}`)
    }
    members = membersOf(found)
  }
  if (!found || found.type === 'tuple' || listOf(found))
    throw new ConditionInvalidError(`index: argument ${path.join('.')} is not a single value`)
  return found.type
}

/** Every value that `path` leads to; the codec has made sure that there is a way. */
function valuesAt(given: readonly Argument[], path: readonly Step[]): readonly string[] {
  let reached: readonly Argument[] = [given]
  for (const step of path) {
    reached = reached.flatMap((argument) => {
      if (typeof argument === 'string') return []
      if (step === '*') return argument
      const member = argument[step]
      return member === undefined ? [] : [member]
    })
  }
  return reached.filter((argument) => typeof argument === 'string')
}

function valueChecks(type: string, condition: ArgumentCondition): ValueCheck[] {
  const { equals, in: list, min, max, prefix } = condition
  const checks: ValueCheck[] = []
  if (equals !== undefined) checks.push(oneOf(type, [equals]))
  if (list !== undefined) checks.push(oneOf(type, list))
  if ((min !== undefined || max !== undefined) && !type.startsWith('uint'))
    throw new ConditionInvalidError(`min, max: expected an unsigned number, not ${type}`)
  if (min !== undefined) checks.push((value) => BigInt(`0x${value}`) >= BigInt(min))
  if (max !== undefined) checks.push((value) => BigInt(`0x${value}`) <= BigInt(max))
  if (prefix !== undefined) checks.push(beginsWith(type, prefix))
  return checks
}

function oneOf(type: string, values: readonly string[]): ValueCheck {
  const allowed = new Set<string>()
  let account = false
  for (const value of values) {
    if (value === 'account' && type === 'address') account = true
    else allowed.add(encoded(type, value))
  }
  return (value, sender) => {
    const digits = digitsOf(value)
    return allowed.has(digits) || (account && digits === addressDigits(sender))
  }
}

/** `value` as arguments of `type` are encoded, hex digits. */
function encoded(type: string, value: string): string {
  if (type === 'string') return stringToHex(value).slice(2)
  if (type === 'bytes') return hexDigits(type, value)
  if (type === 'address') {
    if (!isAddress(value, { strict: false }))
      throw new ConditionInvalidError(`expected an address or "account", not ${value}`)
    return addressDigits(value)
  }
  if (/^0x[0-9a-fA-F]{64}$/.test(value)) return value.slice(2).toLowerCase()
  if (type.startsWith('bytes')) {
    const digits = hexDigits(type, value)
    if (digits.length !== 2 * Number(type.slice(5)))
      throw new ConditionInvalidError(`expected ${type.slice(5)} bytes, not ${value}`)
    return digits.padEnd(64, '0')
  }
  if (type.startsWith('int') || !/^(0|[1-9]\d{0,77})$/.test(value))
    throw new ConditionInvalidError(`expected a value of ${type} or a 32-byte word, not ${value}`)
  return BigInt(value).toString(16).padStart(64, '0')
}

function beginsWith(type: string, prefix: string): ValueCheck {
  if (!type.startsWith('bytes') && type !== 'string')
    throw new ConditionInvalidError(`prefix: expected bytes or string, not ${type}`)
  const digits = type === 'string' ? stringToHex(prefix).slice(2) : hexDigits(type, prefix)
  if (digits === '') throw new ConditionInvalidError('prefix: expected at least one byte')
  if (type !== 'bytes' && type !== 'string' && digits.length > 2 * Number(type.slice(5)))
    throw new ConditionInvalidError(`prefix: ${prefix} is longer than ${type}`)
  return (value) => digitsOf(value).startsWith(digits)
}

function hexDigits(type: string, value: string): string {
  if (!/^0x([0-9a-fA-F]{2})*$/.test(value))
    throw new ConditionInvalidError(`expected hex bytes for ${type}, not ${value}`)
  return value.slice(2).toLowerCase()
}

function addressDigits(value: Address): string {
  return pad(value, { size: 32 }).slice(2).toLowerCase()
}
