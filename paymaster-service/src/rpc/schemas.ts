import type { Address } from 'viem'
import { z } from 'zod'
import { RpcError, rpcErrorCode } from './errors.ts'
import type { ReadOperation } from './operationSchema.ts'
import { addressSchema, operationSchema, quantity, toReadOperation } from './operationSchema.ts'

/** Most tokens or policies in one request. */
const maxNames = 100
/** A policy's name: no longer one can exist, and what is refused is answered and logged. */
const policyName = z.string().max(64)
/** Characters that are answered of a field that nobody knows. */
const maxFieldName = 64

/** `paymasterService` context of ERC-7677 and EIP-5792. Wallets hand on what apps give, so there may be more. */
const context = z
  .looseObject({
    policyId: policyName.optional(),
    sponsorshipPolicyId: policyName.optional(),
    /** Pay for gas in this token instead of being sponsored. */
    token: addressSchema.optional(),
    /** EntryPoint 0.9: the paymaster signs beside or after the account. */
    parallelSigning: z.boolean().optional(),
  })
  .nullish()
  .transform((value) => ({
    policyId: value?.policyId ?? value?.sponsorshipPolicyId,
    token: value?.token,
    parallelSigning: value?.parallelSigning ?? false,
  }))

export type PaymasterContext = z.output<typeof context>

export type SponsorshipParams = ReadOperation &
  PaymasterContext & {
    entryPoint: Address
    /** `undefined` where the method does not name it. */
    chainId: number | undefined
  }

// Made once: zod takes as long to make a schema as to use it.
const sponsorshipParams = z.tuple([operationSchema, addressSchema, quantity(53), context])
const sponsorParams = z.tuple([operationSchema, addressSchema, context])

/** Reads `[userOp, entryPoint, chainId, context]` of ERC-7677. */
export function parseSponsorshipParams(params: unknown): SponsorshipParams {
  const names = ['userOperation', 'entryPoint', 'chainId', 'context'] as const
  const [op, entryPoint, chainId, asked] = parse(names, sponsorshipParams, listOf(params, names, 3))
  return { ...toReadOperation(op), ...asked, entryPoint, chainId: Number(chainId) }
}

/** Reads `[userOp, entryPoint, context]` of `pm_sponsorUserOperation`. */
export function parseSponsorParams(params: unknown): SponsorshipParams {
  const names = ['userOperation', 'entryPoint', 'context'] as const
  const [op, entryPoint, asked] = parse(names, sponsorParams, listOf(params, names, 2))
  return { ...toReadOperation(op), ...asked, entryPoint, chainId: undefined }
}

/** Reads `[userOp, entryPoint, policyIds]` of `pm_validateSponsorshipPolicies`. */
export function parseValidationParams(params: unknown): SponsorshipParams & { ids: string[] } {
  const names = ['userOperation', 'entryPoint', 'sponsorshipPolicyIds'] as const
  const [op, entryPoint, ids] = parse(
    names,
    z.tuple([operationSchema, addressSchema, z.array(policyName).max(maxNames)]),
    listOf(params, names, 3),
  )
  return {
    ...toReadOperation(op),
    ...context.parse(undefined),
    entryPoint,
    chainId: undefined,
    ids,
  }
}

export type TokenParams = {
  entryPoint: Address
  chainId: number
  /** `undefined`: all. */
  tokens: Address[] | undefined
}

/** Reads `[{tokens}, entryPoint, chainId]` of `pimlico_getTokenQuotes`. */
export function parseQuoteParams(params: unknown): TokenParams {
  const names = ['tokens', 'entryPoint', 'chainId'] as const
  const asked = z.looseObject({ tokens: z.array(addressSchema).min(1).max(maxNames) })
  const [{ tokens }, entryPoint, chainId] = parse(
    names,
    z.tuple([asked, addressSchema, quantity(53)]),
    listOf(params, names, 3),
  )
  return { entryPoint, chainId: Number(chainId), tokens }
}

/** Reads `[entryPoint, chainId, context]` of `pm_getAcceptedPaymentTokens`. */
export function parseTokensParams(params: unknown): TokenParams {
  const names = ['entryPoint', 'chainId', 'context'] as const
  const [entryPoint, chainId] = parse(
    names,
    z.tuple([addressSchema, quantity(53), z.unknown()]),
    listOf(params, names, 2),
  )
  return { entryPoint, chainId: Number(chainId), tokens: undefined }
}

/** Positional params, with `undefined` for those that may be left out. */
function listOf(params: unknown, names: readonly string[], least: number): unknown[] {
  if (!Array.isArray(params) || params.length < least || params.length > names.length)
    throw invalidParams('params', `expected [${names.join(', ')}]`)
  return names.map((_, index) => params[index])
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
  const path = [names[Number(position)] ?? 'params', ...rest]
  if (issue?.code === 'unrecognized_keys')
    throw invalidParams(
      [...path, (issue.keys[0] ?? '').slice(0, maxFieldName)].map(String).join('.'),
      'is not a field of a UserOperation of EntryPoint 0.7 or later',
    )
  throw invalidParams(path.map(String).join('.'), issue?.message ?? 'is invalid')
}

/** @throws RpcError naming the field and the rule. */
export function invalidParams(field: string, message: string): RpcError {
  return new RpcError(rpcErrorCode.invalidParams, `${field}: ${message}`, { field })
}
