import type { Hash } from 'viem'
import { SignerNotSetError } from '../errors/signer.ts'
import { connect, type HeadlessConfig, type HeadlessProvider } from './connection.ts'
import { EventEmitter } from './eventEmitter.ts'
import { HeadlessContractManager, type HeadlessTransaction } from './headlessContractManager.ts'
import type { Amount, JobDetails, JobRequirements, PaymentToken } from './jobTypes.ts'
import type { HeadlessSigner } from './toOwner.ts'

export type JobSubmissionParams = JobDetails &
  JobRequirements & {
    /** `'USDC'` by default. */
    paymentToken?: PaymentToken | undefined
    /** What the host earns, fees included: whole tokens as text, or the smallest unit as a bigint. */
    paymentAmount: Amount
  }

export type LLMEvents = {
  /** The bundler has taken the operation. */
  jobSubmitted: { hash: Hash }
  jobPosted: { jobId: string; hash: Hash }
}

/** A provider that knows its signer, as those of ethers over a wallet do. */
type SigningProvider = { getSigner(): HeadlessSigner | Promise<HeadlessSigner> }

/**
 * Submits jobs that are paid in USDC, ETH or another accepted token, from the gasless account of the signer.
 * @example
 * const sdk = new FabstirLLMSDK(chainClient, { signer: owner, transport: http(BUNDLER), paymaster: http(SPONSOR) })
 * const jobId = await sdk.submitJob({ modelId: 'llama-70b', prompt: 'bafy…', paymentToken: 'USDC', paymentAmount: '1' })
 */
export class FabstirLLMSDK extends EventEmitter<LLMEvents> {
  readonly #contracts: HeadlessContractManager
  readonly #signer: () => HeadlessSigner | Promise<HeadlessSigner>

  /**
   * @param provider Node of the chain.
   * @param config Where the services are, and who signs; by default the provider's own signer.
   */
  constructor(
    provider: HeadlessProvider,
    {
      signer,
      ...config
    }: Omit<HeadlessConfig, 'provider'> & { signer?: HeadlessSigner | undefined },
  ) {
    super()
    this.#contracts = new HeadlessContractManager(connect({ provider, ...config }))
    this.#signer = () => {
      if (signer) return signer
      if ('getSigner' in provider) return (provider as SigningProvider).getSigner()
      throw new SignerNotSetError()
    }
  }

  /**
   * Submits a job and waits until it is posted.
   * @returns Its id, as decimal text.
   * @throws {InsufficientBalanceError} When the account holds less than the payment.
   * @throws {SignerNotSetError} When nobody signs.
   */
  async submitJob(params: JobSubmissionParams): Promise<string> {
    const { paymentToken = 'USDC' } = params
    const { hash, wait } =
      paymentToken === 'ETH'
        ? await this.#submitJobWithETH(params)
        : await this.#submitJobWithToken(params, paymentToken)
    this.emit('jobSubmitted', { hash })
    const jobId = `${(await wait()).jobId}`
    this.emit('jobPosted', { jobId, hash })
    return jobId
  }

  async #submitJobWithETH(params: JobSubmissionParams): Promise<HeadlessTransaction> {
    const details = { ...params, offerPrice: params.paymentAmount }
    return this.#contracts.postJob(details, params, await this.#signer())
  }

  async #submitJobWithToken(
    params: JobSubmissionParams,
    token: PaymentToken,
  ): Promise<HeadlessTransaction> {
    return this.#contracts.postJobWithToken(
      params,
      params,
      token,
      params.paymentAmount,
      await this.#signer(),
    )
  }
}
