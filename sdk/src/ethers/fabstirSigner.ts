import {
  AbstractSigner,
  getBytes,
  hexlify,
  type Provider,
  resolveAddress,
  resolveProperties,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  TypedDataEncoder,
  type TypedDataField,
} from 'ethers'
import type { Address, Hex, TypedDataDefinition } from 'viem'
import { FabstirError } from '../errors/base.ts'
import { explainFailure } from '../errors/explainFailure.ts'
import { sendOperation } from '../operations/sendOperation.ts'
import { sleep } from '../operations/sleep.ts'
import { waitForTransaction } from '../operations/waitForTransaction.ts'
import { within } from '../operations/within.ts'
import { fromJsonTypedData } from '../provider/jsonTypedData.ts'
import type { WriteClient } from '../types/client.ts'

/** A transaction means something that no User Operation of an account has. */
export class EthersTransactionError extends FabstirError {
  override name = 'EthersTransactionError'
  field: keyof TransactionRequest

  constructor({ field, rule }: { field: keyof TransactionRequest; rule: string }) {
    super(`The transaction's ${field} ${rule}.`)
    this.field = field
  }
}

const otherMeanings = ['authorizationList', 'blobs', 'blobVersionedHashes', 'kzg'] as const

/**
 * A Fabstir account as a signer of ethers. Transactions become sponsored User Operations; gas, fees and nonce that they
 * name are left to the client.
 * @example
 * const signer = new FabstirSigner(client, new JsonRpcProvider('http://127.0.0.1:8545'))
 */
export class FabstirSigner extends AbstractSigner<Provider> {
  readonly client: WriteClient

  constructor(client: WriteClient, provider: Provider) {
    super(provider)
    this.client = client
  }

  /** The account. */
  async getAddress(): Promise<string> {
    return this.client.account.address
  }

  connect(provider: Provider): FabstirSigner {
    return new FabstirSigner(this.client, provider)
  }

  /**
   * Resolves when the transaction's call is on chain and has succeeded, and the provider knows it: before that, its
   * transaction has no hash (decision 90). The receipt is the bundle's, which may hold other operations too.
   * @throws {EthersTransactionError} When it is from another account or chain, creates a contract, or is no plain call;
   * or, with the hash, when it was done and the provider does not know it in time.
   * @throws {FabstirError} As the actions of the client: whoever refused it, or its revert.
   */
  override async sendTransaction(transaction: TransactionRequest): Promise<TransactionResponse> {
    const call = await this.#toCall(transaction)
    return this.#find(await this.#send(call))
  }

  /** A message for ERC-1271, as ERC-6492 while the account is not deployed. */
  async signMessage(message: string | Uint8Array): Promise<string> {
    const signable = typeof message === 'string' ? message : { raw: hexlify(message) as Hex }
    return this.#sign(() => this.client.account.signMessage({ message: signable }))
  }

  /** Typed data for ERC-1271, as ERC-6492 while the account is not deployed. */
  async signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    const resolved = await TypedDataEncoder.resolveNames(domain, types, value, async (name) =>
      resolveAddress(name, this.provider),
    )
    const payload: TypedDataDefinition = TypedDataEncoder.getPayload(
      resolved.domain,
      types,
      resolved.value,
    )
    return this.#sign(() => this.client.account.signTypedData(fromJsonTypedData(payload)))
  }

  /** An account signs no transactions. */
  async signTransaction(): Promise<string> {
    throw new EthersTransactionError({
      field: 'from',
      rule: 'is an account, which sends and signs no transactions: use sendTransaction',
    })
  }

  async #toCall(transaction: TransactionRequest) {
    const { from, to, data, value, chainId } = transaction
    const { account, contracts } = this.client
    const other = otherMeanings.find((field) => transaction[field] != null)
    if (other) throw new EthersTransactionError({ field: other, rule: 'has no place in a call' })
    if (to == null)
      throw new EthersTransactionError({
        field: 'to',
        rule: 'is missing: an account creates no contracts',
      })
    if (chainId != null && BigInt(chainId) !== BigInt(contracts.chainId))
      throw new EthersTransactionError({
        field: 'chainId',
        rule: `is ${chainId}, the account is on ${contracts.chainId}`,
      })
    const named = await resolveProperties({
      from: from == null ? account.address : resolveAddress(from, this.provider),
      to: resolveAddress(to, this.provider),
    })
    if (named.from.toLowerCase() !== account.address.toLowerCase())
      throw new EthersTransactionError({
        field: 'from',
        rule: `is ${named.from}, not the account ${account.address}`,
      })
    return {
      to: named.to as Address,
      data: hexlify(getBytes(data ?? '0x')) as Hex,
      value: BigInt(value ?? 0),
    }
  }

  async #send(call: { to: Address; data: Hex; value: bigint }): Promise<Hex> {
    try {
      const hash = await sendOperation(this.client, [call])
      return (await waitForTransaction(this.client, hash)).transactionHash
    } catch (error) {
      throw await explainFailure(error, this.client)
    }
  }

  /** The provider's node may be behind the bundler's: what is done must not look as if it was not. */
  async #find(transactionHash: Hex): Promise<TransactionResponse> {
    const { timeout, pollingInterval } = this.client.wait
    const deadline = Date.now() + timeout
    for (let left = timeout; left > 0; left = deadline - Date.now()) {
      const asking = this.provider.getTransaction(transactionHash)
      const response = await within(left, asking).catch(() => null)
      if (response) return response
      await sleep(Math.min(pollingInterval, left))
    }
    throw new EthersTransactionError({
      field: 'to',
      rule: `was called in ${transactionHash}, which the provider does not know after ${timeout} ms`,
    })
  }

  async #sign(sign: () => Promise<Hex>): Promise<string> {
    try {
      return await sign()
    } catch (error) {
      throw await explainFailure(error, this.client)
    }
  }
}
