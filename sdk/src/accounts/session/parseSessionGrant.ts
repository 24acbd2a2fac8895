import { isAddress, isHex, size } from 'viem'
import { SessionGrantInvalidError } from '../../errors/session.ts'
import { delegationFactory } from '../fabstir/delegation.ts'
import type { SessionGrant } from './sessionGrant.ts'

/** Reads one value, or says which field is wrong. */
type Read = (value: unknown, field: string) => unknown

/**
 * A grant out of the JSON text that it travelled as.
 * @param grant The text, or what `JSON.parse` made of it.
 * @throws {SessionGrantInvalidError} When a field is missing or malformed, or the grant is of a later version.
 * @example
 * const grant = parseSessionGrant(localStorage.getItem('grant') ?? '')
 */
export function parseSessionGrant(grant: string | SessionGrant): SessionGrant {
  return readGrant(typeof grant === 'string' ? parseJson(grant) : grant, '') as SessionGrant
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SessionGrantInvalidError({
      field: 'text',
      value: text.length > 40 ? `${text.slice(0, 40)}…` : text,
      cause: cause as Error,
    })
  }
}

const isWhole = (max: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max
const isBytes = (length?: number) => (value: unknown) =>
  isHex(value) && value.length % 2 === 0 && (length === undefined || size(value) === length)
const isUint128 = (value: unknown) =>
  typeof value === 'string' && /^\d{1,39}$/.test(value) && BigInt(value) < 2n ** 128n

const address = when((value) => typeof value === 'string' && isAddress(value, { strict: false }))
const bytes = when(isBytes())
const bytes4 = when(isBytes(4))
const bytes32 = when(isBytes(32))
const uint48 = when(isWhole(2 ** 48 - 1))
const uint32 = when(isWhole(2 ** 32 - 1))
const safe = when(isWhole(Number.MAX_SAFE_INTEGER))
const amount = when(isUint128)

const readGrant = fields({
  // A later version may mean something else by the same fields.
  version: when((value) => value === 1),
  chainId: safe,
  account: address,
  entryPoint: address,
  factory: when(
    (value) => value === delegationFactory || (isHex(value) && isAddress(value, { strict: false })),
  ),
  factoryData: bytes,
  authorization: optional(
    fields({
      chainId: safe,
      address,
      nonce: safe,
      r: bytes32,
      s: bytes32,
      yParity: when((value) => value === 0 || value === 1),
    }),
  ),
  policy: fields({
    key: address,
    validAfter: uint48,
    validUntil: uint48,
    uses: uint32,
    calls: list(fields({ target: address, selector: bytes4 })),
    limits: list(fields({ token: address, perCall: amount, total: amount })),
    pins: list(
      fields({
        target: address,
        selector: bytes4,
        index: when(isWhole(255)),
        allowed: list(bytes32),
      }),
    ),
    payers: list(address),
    maxGasCost: amount,
  }),
  epoch: optional(uint32),
  enable: optional(
    fields({ salt: bytes32, deadline: uint48, epoch: uint32, ownerSignature: bytes }),
  ),
})

function when(isRight: (value: unknown) => boolean): Read {
  return (value, field) => {
    if (!isRight(value)) throw new SessionGrantInvalidError({ field, value })
    return value
  }
}

function optional(read: Read): Read {
  return (value, field) => (value === undefined ? undefined : read(value, field))
}

function list(read: Read): Read {
  return (value, field) => {
    if (!Array.isArray(value)) throw new SessionGrantInvalidError({ field, value })
    return value.map((item, index) => read(item, `${field}[${index}]`))
  }
}

/** Known fields only. */
function fields(shape: Readonly<Record<string, Read>>): Read {
  return (value, field) => {
    if (typeof value !== 'object' || value === null)
      throw new SessionGrantInvalidError({ field: field || 'grant', value })
    const given = value as Readonly<Record<string, unknown>>
    const read = Object.entries(shape).flatMap(([name, readOne]) => {
      const item = readOne(given[name], field ? `${field}.${name}` : name)
      return item === undefined ? [] : [[name, item] as const]
    })
    return Object.fromEntries(read)
  }
}
