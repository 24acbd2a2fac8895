import type { EntryPointAdapter, EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { getAddress, size, slice } from 'viem'
import { z } from 'zod'
import { authorization } from './authorization.ts'
import { address, bytes, uint } from './hex.ts'
import { parse } from './parse.ts'

/** `null` and an absent field mean the same: several SDKs send `null`. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** `estimate` fills in what the caller wants to learn; `send` needs everything. */
type Use = 'send' | 'estimate'

function fieldsOf(use: Use, amount: ReturnType<typeof uint>) {
  const filled = <T extends z.ZodType>(schema: T, value: z.output<T>) =>
    use === 'send' ? schema : optional(schema).transform((found) => found ?? value)
  return {
    sender: address,
    nonce: uint(256),
    callData: bytes,
    callGasLimit: filled(amount, 0n),
    verificationGasLimit: filled(amount, 0n),
    preVerificationGas: filled(amount, 0n),
    maxFeePerGas: filled(amount, 0n),
    maxPriorityFeePerGas: filled(amount, 0n),
    signature: filled(bytes, '0x'),
    eip7702Auth: optional(authorization),
  }
}

/** Empty, or an address with data behind it. */
const addressAndData = bytes.refine((value) => value === '0x' || size(value) >= 20, {
  error: 'must be empty or begin with an address',
})

/** EntryPoint 0.6: `initCode` and `paymasterAndData`. */
function operation06(use: Use) {
  const joined = use === 'send' ? addressAndData : addressAndData.default('0x')
  return z
    .strictObject({ ...fieldsOf(use, uint(256)), initCode: joined, paymasterAndData: joined })
    .transform(({ initCode, paymasterAndData, ...fields }) => {
      const factory = split(initCode)
      const paymaster = split(paymasterAndData)
      return normalise({
        ...fields,
        ...(factory && { factory: factory.address, factoryData: factory.data }),
        ...(paymaster && { paymaster: paymaster.address, paymasterData: paymaster.data }),
      })
    })
}

/** The short form of the EIP-7702 factory marker is accepted as well. */
const factory = z.preprocess(
  (value) => (value === '0x7702' ? `${value}${'0'.repeat(36)}` : value),
  address,
)

/** EntryPoint 0.7 and later: factory and paymaster have fields of their own. */
function unpackedOperation(use: Use, more: z.ZodRawShape = {}) {
  return z
    .strictObject({
      ...fieldsOf(use, uint(128)),
      factory: optional(factory),
      factoryData: optional(bytes),
      paymaster: optional(address),
      paymasterVerificationGasLimit: optional(uint(128)),
      paymasterPostOpGasLimit: optional(uint(128)),
      paymasterData: optional(bytes),
      ...more,
    })
    .superRefine((fields: Record<string, unknown>, context) => {
      for (const [field, owner] of Object.entries(belongsTo)) {
        if (fields[field] === undefined || fields[owner] !== undefined) continue
        context.addIssue({ code: 'custom', path: [field], message: `needs the field ${owner}` })
      }
    })
    .transform(normalise)
}

const belongsTo: Record<string, string> = {
  factoryData: 'factory',
  paymasterVerificationGasLimit: 'paymaster',
  paymasterPostOpGasLimit: 'paymaster',
  paymasterData: 'paymaster',
  paymasterSignature: 'paymaster',
}

/** EntryPoint 0.9 adds the signature that is outside the hash. */
const fields09 = { paymasterSignature: optional(bytes) }

const schemas: Record<EntryPointVersion, Record<Use, z.ZodType<UserOperation>>> = {
  '0.6': { send: operation06('send'), estimate: operation06('estimate') },
  '0.7': { send: unpackedOperation('send'), estimate: unpackedOperation('estimate') },
  '0.8': { send: unpackedOperation('send'), estimate: unpackedOperation('estimate') },
  '0.9': {
    send: unpackedOperation('send', fields09),
    estimate: unpackedOperation('estimate', fields09),
  },
}

/**
 * The wire operation of an EntryPoint in the one normalised shape.
 * @throws RpcError -32602 naming field, rule and value.
 */
export function parseUserOperation(
  value: unknown,
  entryPoint: EntryPointAdapter,
  use: Use,
): UserOperation {
  return parse(schemas[entryPoint.version][use], value, 'userOperation')
}

/** Leaves out what is `undefined`: a `UserOperation` has its optional fields or does not have them. */
function normalise(fields: Record<string, unknown>): UserOperation {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(present) as unknown as UserOperation
}

function split(joined: Hex): { address: Address; data: Hex } | undefined {
  if (joined === '0x') return undefined
  const data = size(joined) > 20 ? slice(joined, 20) : '0x'
  return { address: getAddress(slice(joined, 0, 20)), data }
}
