import { type Address, isAddress, isAddressEqual, zeroAddress } from 'viem'
import type { PostJobParameters } from '../actions/marketplace/postJob.ts'
import { TokenMismatchError } from '../errors/amount.ts'
import type { ReadClient } from '../types/client.ts'
import { eth, fab, type TokenAmount, usdc } from '../units/amounts.ts'

/** Whole tokens as decimal text (`'1.5'`), or the smallest unit as a bigint. */
export type Amount = string | bigint

/** What the host is to do. */
export type JobDetails = {
  modelId: string
  /** CID or hash of the input, never the text itself: everything on chain is public. */
  prompt: string
  maxTokens?: number | bigint | undefined
  /** 0 to 2. */
  temperature?: number | undefined
  seed?: number | bigint | undefined
  resultFormat?: string | undefined
}

/** What the host has to have. */
export type JobRequirements = {
  /** GB. */
  minGPUMemory?: number | bigint | undefined
  minReputationScore?: number | bigint | undefined
  /** Seconds; 3,600 by default. */
  maxTimeToComplete?: number | undefined
  requiresProof?: boolean | undefined
}

/** `'USDC'`, `'ETH'`, `'FAB'`, or the address of an accepted token. */
export type PaymentToken = 'ETH' | 'USDC' | 'FAB' | Address

const named = { ETH: eth, USDC: usdc, FAB: fab } as const

/** Parameters of the action. */
export function toPostJob(
  { modelId, prompt, maxTokens, temperature, seed, resultFormat }: JobDetails,
  requirements: JobRequirements,
  payment: TokenAmount,
): PostJobParameters {
  const { minGPUMemory, minReputationScore, maxTimeToComplete, requiresProof } = requirements
  return {
    model: modelId,
    prompt,
    payment,
    maxTokens: maxTokens === undefined ? undefined : BigInt(maxTokens),
    temperature,
    seed: seed === undefined ? undefined : BigInt(seed),
    resultFormat,
    completeWithin: maxTimeToComplete,
    minGpuMemory: minGPUMemory === undefined ? undefined : BigInt(minGPUMemory),
    minReputation: minReputationScore === undefined ? undefined : BigInt(minReputationScore),
    requiresProof,
  }
}

/**
 * A payment by the name of its token. Decimals are known of the named tokens only: of any other one the amount is a
 * bigint.
 * @throws {TokenMismatchError} When there is no token of that name, or its decimals are not known.
 * @throws {AmountError} When the text is no amount of the token.
 */
export function toPayment(
  { contracts }: Pick<ReadClient, 'contracts'>,
  token: PaymentToken,
  amount: Amount,
): TokenAmount {
  const name = nameOf(contracts, token)
  if (typeof amount === 'string') {
    if (name) return named[name](amount)
  } else if (name) return { token: named[name](0).token, value: amount }
  else if (isAddress(token)) return { token, value: amount }
  const expected = isAddress(token)
    ? 'an amount of it as a bigint'
    : `${Object.keys(named).join(', ')} or an address`
  throw new TokenMismatchError({ field: 'paymentToken', token, expected })
}

function nameOf(
  { usdc: usdcAddress, fab: fabAddress }: ReadClient['contracts'],
  token: PaymentToken,
): keyof typeof named | undefined {
  const upper = token.toUpperCase()
  if (upper === 'ETH' || upper === 'USDC' || upper === 'FAB') return upper
  if (!isAddress(token)) return undefined
  if (isAddressEqual(token, zeroAddress)) return 'ETH'
  if (isAddressEqual(token, usdcAddress)) return 'USDC'
  return isAddressEqual(token, fabAddress) ? 'FAB' : undefined
}
