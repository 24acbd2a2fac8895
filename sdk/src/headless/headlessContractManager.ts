import type { Hash } from 'viem'
import { getJob } from '../actions/marketplace/getJob.ts'
import type { Job } from '../actions/marketplace/job.ts'
import { type PostJobEvent, postJob } from '../actions/marketplace/postJob.ts'
import { confirmOperation } from '../operations/confirmOperation.ts'
import type { TokenAmount } from '../units/amounts.ts'
import { type Connection, connect, type HeadlessConfig } from './connection.ts'
import {
  type Amount,
  type JobDetails,
  type JobRequirements,
  type PaymentToken,
  toPayment,
  toPostJob,
} from './jobTypes.ts'
import type { HeadlessSigner } from './toOwner.ts'

/** A job that is on its way. */
export type HeadlessTransaction = {
  /** Of the User Operation. */
  hash: Hash
  /** Waits until the job is posted. Throws what `waitForOperation` does, and when the operation reverted. */
  wait(): Promise<PostJobEvent & { transactionHash: Hash | null }>
}

/**
 * Posts jobs for whoever signs: the signer is a parameter of every method and is not kept. Each job is one sponsored
 * operation of the signer's account; a payment in tokens is approved in it, exactly.
 * @example
 * const manager = new HeadlessContractManager({ provider: client, transport: http(BUNDLER), paymaster: http(SPONSOR) })
 * const { wait } = await manager.postJobWithToken({ modelId: 'llama-70b', prompt: 'bafy…' }, {}, 'USDC', '1.5', owner)
 * const { jobId } = await wait()
 */
export class HeadlessContractManager {
  readonly #connection: Connection

  /** @param config Where the services are; or a connection that is there already. */
  constructor(config: HeadlessConfig | Connection) {
    this.#connection = 'clientOf' in config ? config : connect(config)
  }

  /**
   * Posts a job that is paid in ETH.
   * @param jobDetails `offerPrice` is what the host earns, fees included.
   */
  async postJob(
    jobDetails: JobDetails & { offerPrice: Amount },
    requirements: JobRequirements,
    signer: HeadlessSigner,
  ): Promise<HeadlessTransaction> {
    const payment = toPayment(this.#connection, 'ETH', jobDetails.offerPrice)
    return this.#post(jobDetails, requirements, payment, signer)
  }

  /** Posts a job that is paid in a token, which is approved in the same operation. */
  async postJobWithToken(
    jobDetails: JobDetails,
    requirements: JobRequirements,
    paymentToken: PaymentToken,
    paymentAmount: Amount,
    signer: HeadlessSigner,
  ): Promise<HeadlessTransaction> {
    const payment = toPayment(this.#connection, paymentToken, paymentAmount)
    return this.#post(jobDetails, requirements, payment, signer)
  }

  /** A job as the marketplace has it. */
  getJob(jobId: number | bigint): Promise<Job> {
    return getJob(this.#connection, { jobId: BigInt(jobId) })
  }

  async #post(
    jobDetails: JobDetails,
    requirements: JobRequirements,
    payment: TokenAmount,
    signer: HeadlessSigner,
  ): Promise<HeadlessTransaction> {
    const client = await this.#connection.clientOf(signer)
    const hash = await postJob(client, toPostJob(jobDetails, requirements, payment))
    return {
      hash,
      async wait() {
        const { logs } = await confirmOperation(client, hash)
        const [log] = logs
        return { ...postJob.extractEvent(logs), transactionHash: log?.transactionHash ?? null }
      },
    }
  }
}
