import {
  type Address,
  getAddress,
  type Hex,
  hexToBigInt,
  InvalidParamsRpcError,
  isAddress,
  isHex,
} from 'viem'
import type { Token } from '../units/amounts.ts'
import { reason } from './reason.ts'

/** -32602 with the field and its rule. */
export function invalidParams(field: string, rule: string): InvalidParamsRpcError {
  return new InvalidParamsRpcError(reason(`${field} ${rule}.`))
}

type Fields = Readonly<Record<string, unknown>>

export function readFields(value: unknown, field: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw invalidParams(field, 'is no object')
}

/** Refuses what it does not know: what would be left out may be what limits a request, or what its user believes. */
export function readKnownFields(value: unknown, field: string, known: readonly string[]): Fields {
  const fields = readFields(value, field)
  const unknown = Object.keys(fields).find(
    (name) => fields[name] !== undefined && !known.includes(name),
  )
  if (unknown !== undefined)
    throw invalidParams(`${field}.${unknown}`, `is none of ${known.join(', ')}`)
  return fields
}

export function readList(value: unknown, field: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw invalidParams(field, 'is no list')
}

export function readText(value: unknown, field: string): string {
  if (typeof value === 'string') return value
  throw invalidParams(field, 'is no text')
}

export function readAddress(value: unknown, field: string): Address {
  if (typeof value === 'string' && isAddress(value, { strict: false })) return getAddress(value)
  throw invalidParams(field, 'is no address')
}

/** Whole bytes. */
export function readBytes(value: unknown, field: string): Hex {
  if (isHex(value) && value.length % 2 === 0) return value
  throw invalidParams(field, 'is not bytes in hex')
}

/** A hex quantity of up to 256 bits. */
export function readQuantity(value: unknown, field: string): bigint {
  if (typeof value === 'string' && /^0x[\da-f]{1,64}$/i.test(value))
    return hexToBigInt(value as Hex)
  throw invalidParams(field, 'is no hex quantity of up to 256 bits')
}

export function readChainId(value: unknown, field: string): number {
  const id = readQuantity(value, field)
  if (id <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(id)
  throw invalidParams(field, 'is no chain id')
}

/** At least one. */
export function readAddresses(value: unknown, field: string): Address[] {
  const addresses = readList(value, field)
  if (addresses.length === 0) throw invalidParams(field, 'is empty')
  return addresses.map((address, index) => readAddress(address, `${field}[${index}]`))
}

/** A token by name or by address. */
export function readToken(value: unknown, field: string): Token {
  if (value === 'eth' || value === 'usdc' || value === 'fab') return value
  return readAddress(value, field)
}
