import type { Address } from 'viem'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { type Duration, toSeconds } from '../../units/duration.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type PostJobParameters = {
  model: string
  /** CID or hash of the input, never the text itself: everything on chain is public. */
  prompt: string
  /** What the host earns, fees included, in ETH or an accepted token. */
  payment: TokenAmount
  /** Time from posting to the deadline; '1h' by default. */
  completeWithin?: Duration | undefined
  /** 1,000 by default. */
  maxTokens?: bigint | undefined
  /** 0 to 2; 0.7 by default. */
  temperature?: number | undefined
  /** 0 by default. */
  seed?: bigint | undefined
  /** 'text' by default. */
  resultFormat?: string | undefined
  /** GB, advisory. 0 by default. */
  minGpuMemory?: bigint | undefined
  /** 0 by default. */
  minReputation?: bigint | undefined
  /**
   * Whether the host must hand in a valid proof of its result; false by default. The prompt is then the hash of the
   * input, 32 bytes in hex.
   */
  requiresProof?: boolean | undefined
}

export type PostJobEvent = {
  jobId: bigint
  renter: Address
  /** `address(0)` is ETH. */
  token: Address
  /** Smallest unit of the token. */
  payment: bigint
  model: string
  /** Unix seconds. */
  deadline: bigint
}

/**
 * Posts a single job and escrows its payment: one operation.
 * @throws {InsufficientBalanceError} When the account holds less than the payment.
 * @example
 * await postJob(client, { model: 'llama-70b', prompt: 'bafy…', payment: usdc(1) })
 */
export const postJob = defineWrite<PostJobParameters, PostJobEvent>({
  contract: 'marketplace',
  eventName: 'JobPosted',
  prepare({ contracts }, parameters) {
    const { payment } = parameters
    const token = tokenAddress(contracts, payment.token)
    const terms = [toDetails(parameters), toRequirements(parameters)] as const
    const { marketplace: address } = contracts
    const call =
      payment.token === 'eth'
        ? encodeCall(address, marketplace.postJob, [...terms, payment.value])
        : encodeCall(address, marketplace.postJobWithToken, [...terms, token, payment.value])
    return withPull(call, token, payment.value)
  },
  parse(log) {
    const args = parseEvent(log, marketplace.JobPosted)
    if (!args) return undefined
    const { jobId, renter, token, payment, modelId, deadline } = args
    return { jobId, renter, token, payment, model: modelId, deadline }
  },
})

/** {@link postJob} that waits until the job is posted. */
export const postJobSync = toSync(postJob)

function toDetails({
  model,
  prompt,
  maxTokens = 1000n,
  temperature = 0.7,
  seed = 0n,
  resultFormat = 'text',
}: PostJobParameters) {
  return {
    modelId: model,
    prompt,
    maxTokens,
    // The contract counts thousandths.
    temperature: BigInt(Math.round(temperature * 1000)),
    seed,
    resultFormat,
  }
}

function toRequirements({
  completeWithin = '1h',
  minGpuMemory = 0n,
  minReputation = 0n,
  requiresProof = false,
}: PostJobParameters) {
  return {
    minGPUMemory: minGpuMemory,
    minReputationScore: minReputation,
    maxTimeToComplete: BigInt(toSeconds(completeWithin)),
    requiresProof,
  }
}
