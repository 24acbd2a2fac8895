import type { AbiParameter } from 'viem'
import type { Codec } from '../accounts/abiCodec.ts'
import {
  bytes,
  fixedList,
  list,
  NotCanonicalError,
  staticWord,
  tuple,
} from '../accounts/abiCodec.ts'

/** An argument as it was encoded: a word of 64 hex digits, `bytes` with their `0x`, or its parts. */
export type Argument = string | readonly Argument[]

/** A type that the rules cannot read. */
export class UnreadableTypeError extends Error {
  override name = 'UnreadableTypeError'
}

/** Longest fixed list. */
const maxFixed = 1_024

/**
 * Reads arguments of these types, and nothing that a contract would refuse or mask.
 * @throws UnreadableTypeError for types without an encoding.
 */
export function argumentsCodec(parameters: readonly AbiParameter[]): Codec<readonly Argument[]> {
  return tuple<readonly Argument[]>(...parameters.map(codecOf))
}

/** The type of a list's elements, and its length where it is fixed. */
export function listOf(
  parameter: AbiParameter,
): { element: AbiParameter; length: number | undefined } | undefined {
  const match = /^(.*)\[(\d*)\]$/.exec(parameter.type)
  if (!match) return undefined
  const [, type = '', length = ''] = match
  return {
    element: { ...parameter, type },
    length: length === '' ? undefined : Number(length),
  }
}

export function membersOf(parameter: AbiParameter): readonly AbiParameter[] {
  return parameter.type === 'tuple' && 'components' in parameter ? parameter.components : []
}

function codecOf(parameter: AbiParameter): Codec<Argument> {
  const asList = listOf(parameter)
  if (asList) {
    const { element, length } = asList
    if (length === undefined) return list(codecOf(element))
    // Elements without a size would make of a few bytes any number of them.
    if (length < 1 || length > maxFixed)
      throw new UnreadableTypeError(`${parameter.type}: a list of 1 to ${maxFixed} is read`)
    return fixedList(codecOf(element), length)
  }
  const { type } = parameter
  if (type === 'tuple') {
    const members = membersOf(parameter)
    if (members.length === 0) throw new UnreadableTypeError('a tuple without members is not read')
    return tuple<readonly Argument[]>(...members.map(codecOf))
  }
  if (type === 'bytes' || type === 'string') return bytes
  const fits = wordRule(type)
  if (!fits) throw new UnreadableTypeError(`${type} is not an ABI type`)
  return staticWord((digits) => {
    if (!fits(digits)) throw new NotCanonicalError()
    return digits
  })
}

/** Which words are values of a type; `undefined` for what is no type of one word. */
function wordRule(type: string): ((digits: string) => boolean) | undefined {
  if (type === 'address') return zerosBefore(40)
  if (type === 'bool') return (digits) => /^0{63}[01]$/.test(digits)
  const [, name, size = ''] = /^(uint|int|bytes)([1-9]\d*)$/.exec(type) ?? []
  const number = Number(size)
  if (name === 'bytes' && number <= 32) return (digits) => /^0*$/.test(digits.slice(2 * number))
  if (number > 256 || number % 8 !== 0) return undefined
  if (name === 'uint') return zerosBefore(number / 4)
  if (name === 'int') return (digits) => isSigned(digits, number / 4)
  return undefined
}

function zerosBefore(digitsOfValue: number) {
  return (digits: string) => /^0*$/.test(digits.slice(0, 64 - digitsOfValue))
}

/** The bits above are copies of the highest one. */
function isSigned(digits: string, digitsOfValue: number): boolean {
  const start = 64 - digitsOfValue
  const sign = Number.parseInt(digits.charAt(start), 16) >= 8 ? 'f' : '0'
  return digits.slice(0, start) === sign.repeat(start)
}

/** The bytes of `bytes`, `string` or a word, without `0x`. */
export function digitsOf(argument: string): string {
  return argument.startsWith('0x') ? argument.slice(2) : argument
}
