import type { EstimateGas } from '../../estimate/bundlerEstimate.ts'
import type { App } from '../caller.ts'
import { RpcError, rpcErrorCode } from '../errors.ts'
import { invalidParams, parseSponsorParams } from '../schemas.ts'
import { formatGas, formatPaymasterFields } from './format.ts'
import type { Method } from './methods.ts'
import type { Payers } from './payers.ts'

/** `pm_sponsorUserOperation`: stub, estimate and signature in one. @param estimate Absent without a bundler. */
export function sponsorOnce(payers: Payers, estimate: EstimateGas | undefined): Method {
  return async (raw: unknown, app: App) => {
    if (!estimate)
      throw new RpcError(
        rpcErrorCode.methodNotFound,
        'pm_sponsorUserOperation asks a bundler for gas limits, and this service is configured without bundlerUrl',
      )
    const params = parseSponsorParams(raw)
    const { op, signature } = params
    if (params.parallelSigning)
      throw invalidParams('context.parallelSigning', 'is to be asked of pm_getPaymasterStubData')
    if (op.maxFeePerGas === 0n)
      throw invalidParams('userOperation.maxFeePerGas', 'expected more than 0')

    const { fields, entryPoint } = await payers.stub(params, app)
    const { paymasterVerificationGasLimit, paymasterPostOpGasLimit } = fields
    const paymasterGas = { paymasterVerificationGasLimit, paymasterPostOpGasLimit }
    const { paymaster, paymasterData } = fields
    const needed = await estimate(
      { ...op, ...paymasterGas, paymaster, paymasterData, signature },
      entryPoint,
    )
    // Limits of the client stay: rule `gas.unused` holds them against the estimate.
    const limits = {
      callGasLimit: op.callGasLimit || needed.callGasLimit,
      verificationGasLimit: op.verificationGasLimit || needed.verificationGasLimit,
      preVerificationGas: op.preVerificationGas || needed.preVerificationGas,
    }
    const whole = { ...params, op: { ...op, ...paymasterGas, ...limits } }
    const final = await payers.data(whole, app, needed)
    return { ...formatGas(limits), ...formatPaymasterFields(final) }
  }
}
