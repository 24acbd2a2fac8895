import type { EntryPointAdapter, StakeInfo, UserOperation } from '@fabstir/erc4337'
import { decodeRevert, entitiesOf } from '@fabstir/erc4337'
import { zeroHash } from 'viem'
import { staleNode } from '../chain/blockGuard.ts'
import { getDeposit } from '../chain/entryPointState.ts'
import type { ChainReader, StateOverride } from '../chain/reader.ts'
import { createRequestBatch } from '../chain/requestBatch.ts'
import type { Turns } from '../chain/turns.ts'
import type { DataAvailability } from '../fees/dataAvailability/dataAvailability.ts'
import { noDataFee } from '../fees/dataAvailability/dataAvailability.ts'
import type { FeeBreach } from '../fees/feeRules.ts'
import { feeBreach } from '../fees/feeRules.ts'
import { breachError } from '../fields/breach.ts'
import type { Simulated, SimulatedValidation, Stake } from '../simulation/entryPointSimulation.ts'
import { rejectionOf } from '../simulation/rejection.ts'
import { simulateValidation } from '../simulation/simulateValidation.ts'
import { validationDataCount } from '../simulation/validationDataCount.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import type { StakePolicy } from '../types/stakePolicy.ts'
import type { ValidationDependencies, ValidationRecord } from '../types/validationRecord.ts'
import { checkAuthorization, checkAuthorizationNonce } from './authorization.ts'
import { checkTrace } from './checkTrace.ts'
import { lower } from './erc7562/scene.ts'
import type { ValidationLimits } from './limits.ts'
import { preVerificationGasBreach } from './precheck/gasRules.ts'
import { precheck } from './precheck/precheck.ts'
import type { CodeCache } from './record/codeCache.ts'
import { readCodes } from './record/readCodes.ts'
import type { SharedBody } from './sharedSimulation.ts'
import { createSharedSimulation } from './sharedSimulation.ts'
import { checkSignatures } from './signatures.ts'
import type { TraceSource, ValidationTrace } from './trace/trace.ts'
import { traceValidation } from './traceValidation.ts'
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
  /** Number of the last block in which it is valid; absent without such a bound. */
  validUntilBlock?: number
  entities: { sender: StakeInfo; factory?: StakeInfo; paymaster?: StakeInfo }
  /** Wei that the paymaster has deposited; absent without paymaster. */
  paymasterDeposit?: bigint
  /** Number of the newest block of the node that answered. */
  blockNumber: number
  /** What the validation depended on; absent without tracing. */
  record?: ValidationRecord
}

/** Who traces validations. */
export type Tracer = {
  source: TraceSource
  cache: CodeCache
  /** When a validation may ask the node. */
  turns: Turns
}

export type ValidatorDependencies = {
  reader: Pick<ChainReader, 'call' | 'request' | 'batch'>
  chainId: number
  limits: ValidationLimits
  gasPrice: () => Promise<{ baseFee: bigint }>
  /** By default the chain charges nothing for data. */
  dataAvailability?: Pick<DataAvailability, 'demanded'>
  /** Unix milliseconds. */
  now: () => number
  /** Absent: validation by simulation alone, for a private mempool. */
  tracing?: (Tracer & { stakePolicy: StakePolicy }) | undefined
}

export type Validator = {
  /**
   * Decides whether an operation would be accepted by its EntryPoint now, and keeps to ERC-7562.
   * @throws RpcError -32602 for fields and fees, -32500 to -32508 for what its simulation finds
   * (ERC-7769), -32000 when the node cannot be reached.
   * @param stateOverride State that operations before it will have brought about.
   */
  validate(
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    stateOverride?: StateOverride,
  ): Promise<ValidationResult>
  /**
   * Second validation, before inclusion: the same, and no code may have changed since the first [COD-010].
   * @param at.minBlock The node that answers must have it; a replica that lags says nothing.
   * @throws RpcError as `validate`, and -32502 with rule `COD-010`.
   */
  revalidate(
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    record: ValidationRecord | undefined,
    at?: { stateOverride?: StateOverride; minBlock?: number },
  ): Promise<ValidationResult>
}

export function createValidator(deps: ValidatorDependencies): Validator {
  const shared = createSharedSimulation(deps.reader)

  /** All that the node knows of an operation, in one body. */
  function askNode(
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    stateOverride: StateOverride = {},
  ) {
    const { reader, tracing } = deps
    if (tracing) {
      const node = tracing.source.node ?? createRequestBatch(reader)
      return tracing.turns(() => {
        const run = traceValidation(op, entryPoint, tracing.source, { node, stateOverride })
        return ask(op, entryPoint, deps, { node, run })
      })
    }
    const askSimulated = ({ node, simulated }: SharedBody) =>
      ask(op, entryPoint, deps, { node, run: simulated.then(untraced) })
    if (!op.eip7702Auth && Object.keys(stateOverride).length === 0) {
      return shared(op, entryPoint, askSimulated)
    }
    const node = createRequestBatch(reader)
    const simulated = simulateValidation(op, entryPoint, node, stateOverride)
    return askSimulated({ node, simulated })
  }

  async function validate(
    op: UserOperation,
    entryPoint: EntryPointAdapter,
    { stateOverride, minBlock = 0 }: { stateOverride?: StateOverride; minBlock?: number },
  ): Promise<ValidationResult> {
    const { reader, chainId, limits } = deps
    const breach = precheck(op, entryPoint, limits)
    if (breach) throw breachError(breach)
    await checkAuthorization(op, chainId)

    const asked = await askNode(op, entryPoint, stateOverride)
    const { simulated, baseFee, dataGas, paymasterDeposit, blockNumber, trace, codes } = asked
    if (blockNumber < minBlock) throw staleNode({ blockNumber }, { number: minBlock })
    const unpaid = feeBreach(op, baseFee, limits)
    if (unpaid) throw feeError(unpaid)
    if (!simulated.ok) throw rejectionOf(decodeRevert(simulated.data), simulated.data)

    const { result } = simulated
    const verificationGasUsed = result.preOpGas - op.preVerificationGas
    const uncovered = preVerificationGasBreach(op, entryPoint, {
      expectedBundleSize: limits.expectedBundleSize,
      verificationGasUsed,
      validationDataCount: validationDataCount(result, op, entryPoint),
      dataGas,
    })
    if (uncovered) throw breachError(uncovered)
    await checkSignatures(op, entryPoint, result, { reader, stateOverride })
    const validity = await checkValidity(result, {
      reader,
      nowSeconds: Math.floor(deps.now() / 1000),
      minValiditySeconds: limits.minValiditySeconds,
    })
    const { preOpGas, prefund } = result
    const found = { preOpGas, prefund, blockNumber, ...validity }
    const deposit = paymasterDeposit === undefined ? {} : { paymasterDeposit }
    if (!deps.tracing || !trace) return { ...found, ...deposit, entities: stakesOf(op, result) }

    const { stakePolicy, cache } = deps.tracing
    const { stakes, record } = await checkTrace(
      { op, entryPoint, trace, simulated: result, codes },
      { stakePolicy, cache, reader },
    )
    const { account: sender, ...others } = stakes
    return { ...found, ...deposit, entities: { sender, ...others }, record }
  }

  return {
    validate: (op, entryPoint, stateOverride) =>
      validate(op, entryPoint, stateOverride ? { stateOverride } : {}),
    async revalidate(op, entryPoint, record, at = {}) {
      const result = await validate(op, entryPoint, at)
      const [before, after] = [record?.dependencies, result.record?.dependencies]
      if (before && after) requireSameCode(before, after, op)
      return result
    },
  }
}

type ValidationRun = { simulated: Simulated<SimulatedValidation>; trace?: ValidationTrace }

const untraced = (simulated: ValidationRun['simulated']): ValidationRun => ({ simulated })

/** Simulation or trace, which is asked for already, nonce, deposit and code. */
async function ask(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  { tracing, gasPrice, dataAvailability = noDataFee }: ValidatorDependencies,
  { node, run }: { node: SharedBody['node']; run: Promise<ValidationRun> },
) {
  const { account, factory, paymaster } = entitiesOf(op)
  const bringsDelegation = op.eip7702Auth !== undefined
  const entities = [bringsDelegation ? undefined : account, factory, paymaster].flatMap(
    (address) => (address ? [lower(address)] : []),
  )
  const [{ simulated, trace }, { baseFee }, dataGas, paymasterDeposit, newest, codes] =
    await Promise.all([
      run,
      gasPrice(),
      dataAvailability.demanded(op, entryPoint),
      paymaster ? getDeposit(node, entryPoint.address, paymaster) : undefined,
      node.request('eth_blockNumber', []),
      tracing ? readCodes(entities, tracing.cache, node) : new Map(),
      checkAuthorizationNonce(op, node),
    ])
  const blockNumber = Number(newest)
  return { simulated, trace, baseFee, dataGas, paymasterDeposit, blockNumber, codes }
}

/**
 * [COD-010] An entity cannot have been without code when it validated: then its code was read from a
 * replica that lagged behind the trace.
 */
function requireSameCode(
  before: ValidationDependencies,
  now: ValidationDependencies,
  op: UserOperation,
): void {
  const entities = new Set(
    Object.values(entitiesOf(op)).map((address) => address && lower(address)),
  )
  const known = new Map(before.codes.map(({ address, codeHash }) => [address, codeHash]))
  for (const { address, codeHash } of now.codes) {
    const first = known.get(address)
    if (first === undefined || first === codeHash) continue
    if (first === zeroHash && entities.has(address)) continue
    throw new RpcError(
      rpcErrorCode.opcodeViolation,
      `the code of ${address} changed since the first validation [COD-010]`,
      { rule: 'COD-010', address, before: first, now: codeHash },
    )
  }
}

function stakesOf(op: UserOperation, result: SimulatedValidation): ValidationResult['entities'] {
  const { factory, paymaster } = entitiesOf(op)
  return {
    sender: stakeInfo(op.sender, result.senderStake),
    ...(factory ? { factory: stakeInfo(factory, result.factoryStake) } : {}),
    ...(paymaster ? { paymaster: stakeInfo(paymaster, result.paymasterStake) } : {}),
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
