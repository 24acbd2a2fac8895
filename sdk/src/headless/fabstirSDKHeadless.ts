import type { Address } from 'viem'
import {
  type FindHostsParameters,
  type FoundHost,
  findHosts,
} from '../actions/marketplace/findHosts.ts'
import { getJob } from '../actions/marketplace/getJob.ts'
import type { MarketplaceClient } from '../clients/createFabstirClient.ts'
import { assertSameChain } from '../errors/explainFailure.ts'
import { SignerNotSetError } from '../errors/signer.ts'
import { type Connection, connect, type HeadlessConfig } from './connection.ts'
import { EventEmitter } from './eventEmitter.ts'
import type { JobSubmissionParams } from './fabstirLLMSDK.ts'
import { HeadlessContractManager } from './headlessContractManager.ts'
import { type JobPhase, type JobState, phaseOf } from './jobState.ts'
import type { HeadlessSigner } from './toOwner.ts'

export type HeadlessEvents = {
  /** The services answer, and are on the chain of the contracts. */
  initialized: { chainId: number }
  /** Who sends from now on: the account of the signer. */
  signerChanged: { address: Address }
  signerCleared: { address: Address }
  jobPosted: JobState
  /** A job that was asked about has come further. */
  jobStatus: { job: JobState; previous: JobPhase }
  /** A job was not posted. Its submitter gets the error, too. */
  jobFailed: { params: JobSubmissionParams; error: unknown }
}

/**
 * The SDK for programs of any kind: signers come and go, and everything else stays. It keeps a reference to the signer
 * until it is cleared, never its key.
 * @example
 * const sdk = new FabstirSDKHeadless({ provider: client, transport: http(BUNDLER), paymaster: http(SPONSOR) })
 * await sdk.initialize()
 * await sdk.setSigner(owner)
 * sdk.on('jobStatus', ({ job }) => console.log(job.jobId, job.phase))
 * const { jobId } = await sdk.submitJob({ modelId: 'llama-70b', prompt: 'bafy…', paymentAmount: '1' })
 */
export class FabstirSDKHeadless extends EventEmitter<HeadlessEvents> {
  /** Jobs that this object has posted, as they were when they were last asked about. */
  readonly jobs = new Map<number, JobState>()
  /** Hosts that were found, by their address. */
  readonly nodes = new Map<Address, FoundHost>()
  readonly #connection: Connection
  readonly #contracts: HeadlessContractManager
  #current: { signer: HeadlessSigner; client: MarketplaceClient } | undefined
  /** Counts changes of the signer, so that a slow wallet does not undo a later change. */
  #changes = 0

  constructor(config: HeadlessConfig) {
    super()
    this.#connection = connect(config)
    this.#contracts = new HeadlessContractManager(this.#connection)
  }

  /**
   * Looks whether the node answers and is on the chain of the contracts.
   * @throws {NodeUnavailableError | ChainMismatchError} When not.
   */
  async initialize(): Promise<void> {
    await assertSameChain(this.#connection)
    this.emit('initialized', { chainId: this.#connection.contracts.chainId })
  }

  /**
   * Lets this signer send from now on. What is under way stays with the signer that began it.
   * @throws {KeyNotSupportedError} When it is nothing that signs.
   */
  async setSigner(signer: HeadlessSigner): Promise<void> {
    this.#changes += 1
    const change = this.#changes
    const client = await this.#connection.clientOf(signer)
    if (change !== this.#changes) return
    this.#current = { signer, client }
    this.emit('signerChanged', { address: client.account.address })
  }

  clearSigner(): void {
    this.#changes += 1
    const address = this.#current?.client.account.address
    this.#current = undefined
    if (address) this.emit('signerCleared', { address })
  }

  hasSigner(): boolean {
    return this.#current !== undefined
  }

  getSigner(): HeadlessSigner | undefined {
    return this.#current?.signer
  }

  /**
   * The client of the signer, with every action.
   * @throws {SignerNotSetError} When there is no signer.
   */
  get client(): MarketplaceClient {
    if (!this.#current) throw new SignerNotSetError()
    return this.#current.client
  }

  /**
   * Posts a job and waits until it is on chain.
   * @throws {SignerNotSetError} When there is no signer.
   * @throws {InsufficientBalanceError} When the account holds less than the payment.
   */
  async submitJob(params: JobSubmissionParams): Promise<JobState> {
    try {
      const signer = this.getSigner()
      if (!signer) throw new SignerNotSetError()
      const { paymentToken = 'USDC', paymentAmount } = params
      const { hash, wait } = await this.#contracts.postJobWithToken(
        params,
        params,
        paymentToken,
        paymentAmount,
        signer,
      )
      const { jobId } = await wait()
      const job: JobState = { jobId: Number(jobId), phase: 'Posted', userOperationHash: hash }
      this.jobs.set(job.jobId, job)
      this.emit('jobPosted', job)
      return job
    } catch (error) {
      this.emit('jobFailed', { params, error })
      throw error
    }
  }

  /** Where a job of {@link jobs} is now. */
  async getJobStatus(jobId: number): Promise<JobState> {
    const { status } = await getJob(this.#connection, { jobId: BigInt(jobId) })
    const known = this.jobs.get(jobId)
    const job: JobState = { ...known, jobId, phase: phaseOf(status) }
    if (!known) return job
    this.jobs.set(jobId, job)
    if (known.phase !== job.phase) this.emit('jobStatus', { job, previous: known.phase })
    return job
  }

  /** Active hosts that take new work. */
  async discoverNodes(query: FindHostsParameters = {}): Promise<FoundHost[]> {
    const found = await findHosts(this.#connection, query)
    for (const host of found) this.nodes.set(host.node, host)
    return found
  }
}
