import type { EntryPointAdapter, StakeInfo, UserOperation } from '@fabstir/erc4337'
import { decodeRevert, entitiesOf } from '@fabstir/erc4337'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import type { FeeBreach } from '../fees/feeRules.ts'
import { feeBreach } from '../fees/feeRules.ts'
import { breachError } from '../fields/breach.ts'
import type { Stake } from '../simulation/entryPointSimulation.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { simulateValidation } from '../simulation/simulateValidation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { checkAuthorization } from './authorization.ts'
import type { ValidationLimits } from './limits.ts'
import { preVerificationGasBreach } from './precheck/gasRules.ts'
import { precheck } from './precheck/precheck.ts'
import { checkSignatures } from './signatures.ts'
import { checkValidity } from './validity.ts'

export type ValidationResult = {
  /** Verification gas used, and preVerificationGas. */
  preOpGas: bigint
  /** Wei. */
  prefund: bigint
  /** Unix seconds; 0 means from the beginning. */
  validAfter: number
  /** Unix seconds; 0 means without end. */
  validUntil: number
  entities: { sender: StakeInfo; factory?: StakeInfo; paymaster?: StakeInfo }
}

export type ValidatorDependencies = {
  reader: Pick<ChainReader, 'call' | 'request'>
  chainId: number
  limits: ValidationLimits
  gasPrice: () => Promise<{ baseFee: bigint }>
  /** Unix milliseconds. */
  now: () => number
}

export type Validator = {
  /**
   * Decides whether an operation would be accepted by its EntryPoint now.
   * @throws RpcError -32602 for fields and fees, -32500 to -32508 for what its simulation finds
   * (ERC-7769), -32000 when the node cannot be reached.
   * @param stateOverride State that operations before it will have brought about.
   */
  validate(
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    stateOverride?: StateOverride,
  ): Promise<ValidationResult>
}

export function createValidator({
  reader,
  chainId,
  limits,
  gasPrice,
  now,
}: ValidatorDependencies): Validator {
  return {
    async validate(op, entryPoint, stateOverride) {
      const breach = precheck(op, entryPoint, limits)
      if (breach) throw breachError(breach)

      const [simulated, { baseFee }] = await Promise.all([
        simulateValidation(op, entryPoint, reader, stateOverride),
        gasPrice(),
        checkAuthorization(op, { reader, chainId }),
      ])
      const unpaid = feeBreach(op, baseFee, limits)
      if (unpaid) throw feeError(unpaid)
      if (!simulated.ok) throw rejectionOf(decodeRevert(simulated.data), simulated.data)

      const { result } = simulated
      const verificationGasUsed = result.preOpGas - op.preVerificationGas
      const uncovered = preVerificationGasBreach(op, entryPoint, limits, verificationGasUsed)
      if (uncovered) throw breachError(uncovered)
      await checkSignatures(op, entryPoint, result, { reader, stateOverride })
      const validity = await checkValidity(result, {
        reader,
        nowSeconds: Math.floor(now() / 1000),
        minValiditySeconds: limits.minValiditySeconds,
      })
      const { factory, paymaster } = entitiesOf(op)
      return {
        preOpGas: result.preOpGas,
        prefund: result.prefund,
        ...validity,
        entities: {
          sender: stakeInfo(op.sender, result.senderStake),
          ...(factory ? { factory: stakeInfo(factory, result.factoryStake) } : {}),
          ...(paymaster ? { paymaster: stakeInfo(paymaster, result.paymasterStake) } : {}),
        },
      }
    },
  }
}

function stakeInfo(address: StakeInfo['address'], stake: Stake): StakeInfo {
  return { address, stake: stake.stake, unstakeDelaySec: stake.unstakeDelaySec }
}

function feeError({ rule, offered, bound }: FeeBreach): RpcError {
  const message =
    rule === 'priorityAboveMax'
      ? `maxPriorityFeePerGas ${offered} is above maxFeePerGas ${bound}`
      : `${rule} ${offered} is below ${bound}`
  return new RpcError(rpcErrorCode.invalidParams, message, {
    rule,
    numbers: { offered: offered.toString(), bound: bound.toString() },
  })
}
