import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { BaseError, createClient, HttpRequestError, http, RpcRequestError } from 'viem'

/** Gas limits that an estimate says an operation needs. */
export type GasEstimate = {
  callGasLimit: bigint
  verificationGasLimit: bigint
  preVerificationGas: bigint
}

/** Estimates an operation with its paymaster's stub. */
export type EstimateGas = (op: UserOperation, entryPoint: EntryPointAdapter) => Promise<GasEstimate>

type Schema = {
  Method: 'eth_estimateUserOperationGas'
  Parameters: [Record<string, unknown>, string]
  ReturnType: Partial<
    Record<'callGasLimit' | 'verificationGasLimit' | 'preVerificationGas', Hex | undefined>
  >
}

/**
 * Asks a bundler (ERC-7769 `eth_estimateUserOperationGas`).
 * @throws EstimateRefusedError with the bundler's own words, BundlerUnavailableError
 */
export function bundlerEstimate(url: string, { timeoutMs = 10_000 } = {}): EstimateGas {
  const transport = http(url, { timeout: timeoutMs, retryCount: 0 })
  const client = createClient({ transport })
  return async (op, entryPoint) => {
    const answer = await client
      .request<Schema>({
        method: 'eth_estimateUserOperationGas',
        params: [entryPoint.toRpc(op), entryPoint.address],
      })
      .catch((error: unknown) => {
        throw toEstimateError(error)
      })
    const { callGasLimit, verificationGasLimit, preVerificationGas } = answer
    if (!callGasLimit || !verificationGasLimit || !preVerificationGas)
      throw new BundlerUnavailableError('the bundler answers without gas limits')
    return {
      callGasLimit: BigInt(callGasLimit),
      verificationGasLimit: BigInt(verificationGasLimit),
      preVerificationGas: BigInt(preVerificationGas),
    }
  }
}

function toEstimateError(error: unknown): Error {
  const refusal =
    error instanceof BaseError ? error.walk((cause) => cause instanceof RpcRequestError) : undefined
  if (refusal instanceof RpcRequestError)
    return new EstimateRefusedError(refusal.code, refusal.details, refusal.data)
  // viem's messages show the URL, which may hold a key.
  const isAnswered = error instanceof HttpRequestError && error.status !== undefined
  return new BundlerUnavailableError(
    isAnswered ? `the bundler answers with status ${error.status}` : 'the bundler does not answer',
  )
}

/** The bundler does not estimate the operation: it would fail. */
export class EstimateRefusedError extends Error {
  override name = 'EstimateRefusedError'
  /** JSON-RPC error of the bundler. */
  code: number
  data: unknown

  constructor(code: number, message: string, data: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** The bundler gave no usable answer. */
export class BundlerUnavailableError extends Error {
  override name = 'BundlerUnavailableError'
}
