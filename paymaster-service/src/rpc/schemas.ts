import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { getAddress, isAddress } from 'viem'
import { z } from 'zod'
import { RpcError, rpcErrorCode } from './errors.ts'

const hex = z
  .string()
  .regex(/^0x([0-9a-fA-F]{2})*$/, 'expected hex bytes')
  .transform((value) => value.toLowerCase() as Hex)

const address = z
  .string()
  .refine((value) => isAddress(value, { strict: false }), 'expected a 20-byte hex address')
  .transform((value): Address => getAddress(value))

/** A JSON-RPC quantity. Wallets send leading zeros too. */
const quantity = (bits: number) =>
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
  address,
])

const operation = z.looseObject({
  sender: address,
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
  eip7702Auth: z.looseObject({ address }).nullish(),
})

const context = z
  .looseObject({
    policyId: z.string().optional(),
    sponsorshipPolicyId: z.string().optional(),
  })
  .nullish()
  .transform((value) => ({ policyId: value?.policyId ?? value?.sponsorshipPolicyId }))

const sponsorshipParams = z.tuple([operation, address, quantity(53), context])

export type SponsorshipParams = {
  op: UserOperation
  entryPoint: Address
  chainId: number
  policyId: string | undefined
}

/** Reads `[userOp, entryPoint, chainId, context]` of ERC-7677. Unknown fields of the operation are not signed and not read. */
export function parseSponsorshipParams(params: unknown): SponsorshipParams {
  if (!Array.isArray(params) || params.length < 3 || params.length > 4)
    throw invalidParams('params', 'expected [userOperation, entryPoint, chainId, context]')
  const [op, entryPoint, chainId, contextValue] = parse(
    ['userOperation', 'entryPoint', 'chainId', 'context'],
    sponsorshipParams,
    [params[0], params[1], params[2], params[3]],
  )
  return {
    op: toOperation(op),
    entryPoint,
    chainId: Number(chainId),
    policyId: contextValue.policyId,
  }
}

function toOperation(op: z.infer<typeof operation>): UserOperation {
  const { eip7702Auth } = op
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
    // Only the delegate is signed; whether the authorization is good is the bundler's question.
    ...(eip7702Auth
      ? {
          eip7702Auth: {
            address: eip7702Auth.address,
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

function parse<schema extends z.ZodType>(
  names: readonly string[],
  schema: schema,
  value: unknown,
): z.output<schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [position, ...rest] = issue?.path ?? []
  const field = [names[Number(position)] ?? 'params', ...rest].map(String).join('.')
  throw invalidParams(field, issue?.message ?? 'is invalid')
}

function invalidParams(field: string, message: string): RpcError {
  return new RpcError(rpcErrorCode.invalidParams, `${field}: ${message}`, { field })
}
