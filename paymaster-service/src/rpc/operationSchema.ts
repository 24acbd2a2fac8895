import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { z } from 'zod'
import { checksumAddress } from '../addresses/checksumAddress.ts'

const hex = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2})*$/, 'expected hex bytes')
  .transform((value) => value.toLowerCase() as Hex)

export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'expected a 20-byte hex address')
  .transform(checksumAddress)

/** A JSON-RPC quantity. Wallets send leading zeros too. */
export const quantity = (bits: number) =>
  z
    .string()
    .regex(/^0x[0-9a-fA-F]{1,64}$/, 'expected a hex quantity like "0x1a"')
    .transform((value) => BigInt(value))
    .refine((value) => value < 1n << BigInt(bits), `expected less than 2^${bits}`)

/** Gas and fees share 256-bit words in pairs, of which the EntryPoint takes 120 bits each. */
const gas = quantity(120)
const orZero = (schema: typeof gas) => schema.nullish().transform((value) => value ?? 0n)

/** `factory` of EIP-7702 may be written short. */
const factory = z.union([
  z.literal('0x7702').transform((): Address => '0x7702000000000000000000000000000000000000'),
  addressSchema,
])

/** Only the delegate is read: whether the authorization is good is the bundler's question. */
const authorization = z.looseObject({ address: addressSchema }).nullish()

/** A UserOperation of EntryPoint 0.7 or later on the wire. Fields that it does not have are refused by their names. */
export const operationSchema = z.strictObject({
  sender: addressSchema,
  nonce: quantity(256),
  factory: factory.nullish(),
  factoryData: hex.nullish(),
  callData: hex,
  callGasLimit: orZero(gas),
  verificationGasLimit: orZero(gas),
  preVerificationGas: orZero(quantity(120)),
  maxFeePerGas: orZero(gas),
  maxPriorityFeePerGas: orZero(gas),
  paymasterVerificationGasLimit: gas.nullish(),
  paymasterPostOpGasLimit: gas.nullish(),
  // What this service fills in, and what the account signs after it. Clients send the stub's, or of an earlier try.
  paymaster: addressSchema.nullish(),
  paymasterData: hex.nullish(),
  paymasterSignature: hex.nullish(),
  signature: hex.nullish(),
  eip7702Auth: authorization,
  /** What viem calls `eip7702Auth`; permissionless sends it under this name. */
  authorization,
})

/** An operation as it is judged, and what came with it. */
export type ReadOperation = {
  /** Without paymaster, its data and signatures. */
  op: UserOperation
  /** `paymasterData` as the client has it. */
  paymasterData: Hex | undefined
  /** Signature of the account as the client has it, perhaps a dummy: an estimate needs one of the right shape. */
  signature: Hex
  /** Whether `paymasterSignature` is there, which only EntryPoint 0.9 knows. */
  hasPaymasterSignature: boolean
}

export function toReadOperation(fields: z.infer<typeof operationSchema>): ReadOperation {
  return {
    op: toOperation(fields),
    paymasterData: fields.paymasterData ?? undefined,
    signature: fields.signature ?? '0x',
    hasPaymasterSignature: (fields.paymasterSignature ?? undefined) !== undefined,
  }
}

function toOperation(op: z.infer<typeof operationSchema>): UserOperation {
  const delegation = op.eip7702Auth ?? op.authorization
  return {
    sender: op.sender,
    nonce: op.nonce,
    ...(op.factory ? { factory: op.factory, factoryData: op.factoryData ?? '0x' } : {}),
    callData: op.callData,
    callGasLimit: op.callGasLimit,
    verificationGasLimit: op.verificationGasLimit,
    preVerificationGas: op.preVerificationGas,
    maxFeePerGas: op.maxFeePerGas,
    maxPriorityFeePerGas: op.maxPriorityFeePerGas,
    ...(op.paymasterVerificationGasLimit
      ? { paymasterVerificationGasLimit: op.paymasterVerificationGasLimit }
      : {}),
    ...(op.paymasterPostOpGasLimit ? { paymasterPostOpGasLimit: op.paymasterPostOpGasLimit } : {}),
    signature: '0x',
    ...(delegation
      ? {
          eip7702Auth: {
            address: delegation.address,
            chainId: 0,
            nonce: 0,
            r: '0x0',
            s: '0x0',
            yParity: 0,
          },
        }
      : {}),
  }
}
