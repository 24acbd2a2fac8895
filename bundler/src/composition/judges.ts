import type { Hex } from 'viem'
import { takesBlockTime } from '../chain/probeBlockTime.ts'
import type { ChainReader } from '../chain/reader.ts'
import { createTurns } from '../chain/turns.ts'
import type { BundlerConfig } from '../config/options.ts'
import type { Estimator } from '../estimation/estimateGas.ts'
import { createEstimator } from '../estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../estimation/limits.ts'
import { createBundleSizes, defaultAmortisation } from '../fees/bundleSize.ts'
import { createArbitrum } from '../fees/dataAvailability/arbitrum.ts'
import type { DataAvailability } from '../fees/dataAvailability/dataAvailability.ts'
import { noDataFee } from '../fees/dataAvailability/dataAvailability.ts'
import type { DataAvailabilityDependencies } from '../fees/dataAvailability/opStack.ts'
import { createOpStack } from '../fees/dataAvailability/opStack.ts'
import { probeDataAvailability } from '../fees/dataAvailability/probeDataAvailability.ts'
import type { FeeOracle } from '../fees/feeOracle.ts'
import { boostedValidationLimits, defaultValidationLimits } from '../validation/limits.ts'
import type { Validator, ValidatorDependencies } from '../validation/validate.ts'
import { createValidator } from '../validation/validate.ts'

/** Milliseconds for which an operation may come back with an estimate after charges have risen. */
const STANDING_MS = 120_000
/** Seconds after which calls are estimated to run: enough to be later than a block that is not known here yet. */
const NEXT_SECONDS = 2
/** Estimates that ask the node at one time, and that wait; more are told to come back. */
const estimatesAtOnce = { atOnce: 64, waiting: 1_000 }

export type Judges = {
  validator: Validator
  /** For operations that pay no fees. */
  boostedValidator: Validator
  estimator: Estimator
  /** Those of all three; used from the next operation on. */
  limits: readonly { expectedBundleSize: bigint }[]
  /** What a rollup charges for the data of a bundle, in wei. */
  dataFeeOf: DataAvailability['ofBundle']
  /** A bundle of this many operations was sent. */
  noteBundle: (operations: number) => void
}

/**
 * Validation and estimation, which charge alike beside the gas of an operation itself: a share in the fixed
 * cost of bundles of the size that recent ones have, and the data fee of a rollup. Both change; estimates
 * stand for a while.
 * @throws UnsupportedDataFeeError, RpcError -32000 when the node cannot be reached.
 */
export async function createJudges(
  config: BundlerConfig,
  dependencies: {
    reader: Pick<ChainReader, 'call' | 'request' | 'batch'>
    chainId: number
    gasPrice: FeeOracle['gasPrice']
    head: () => { hash: Hex } | undefined
    now: () => number
    tracing: ValidatorDependencies['tracing']
    /** Time of the chain, by which validity is judged; Unix milliseconds. */
    chainNow: () => number
  },
): Promise<Judges> {
  const { reader, chainId, gasPrice, now, chainNow, tracing } = dependencies
  const [hasTimes, kind] = await Promise.all([
    takesBlockTime(reader),
    config.dataAvailability === 'auto' ? probeDataAvailability(reader) : config.dataAvailability,
  ])
  const sizes = createBundleSizes({
    policy: { ...defaultAmortisation, maxBundleSize: BigInt(config.maxAmortizedOps) },
    standingMs: STANDING_MS,
    now,
  })
  const dataAvailability = dataAvailabilityOf(kind, { ...dependencies, standingMs: STANDING_MS })
  const validationLimits = withBundleSize(defaultValidationLimits, sizes.demanded)
  const boostedLimits = { ...boostedValidationLimits }
  const estimationLimits = withBundleSize(defaultEstimationLimits, sizes.offered)
  const validating = { reader, chainId, gasPrice, now: chainNow, tracing }
  return {
    validator: createValidator({ ...validating, dataAvailability, limits: validationLimits }),
    boostedValidator: createValidator({ ...validating, limits: boostedLimits }),
    estimator: createEstimator({
      reader,
      chainId,
      nextTime: hasTimes ? () => BigInt(Math.floor(chainNow() / 1_000) + NEXT_SECONDS) : undefined,
      gasPrice,
      dataAvailability,
      limits: estimationLimits,
      turns: createTurns(estimatesAtOnce),
    }),
    limits: [validationLimits, boostedLimits, estimationLimits],
    dataFeeOf: dataAvailability.ofBundle,
    noteBundle: sizes.note,
  }
}

function dataAvailabilityOf(
  kind: DataAvailability['kind'],
  dependencies: DataAvailabilityDependencies,
): DataAvailability {
  if (kind === 'opStack') return createOpStack(dependencies)
  if (kind === 'arbitrum') return createArbitrum(dependencies)
  return noDataFee
}

/** Limits whose bundle size is `size`, until one is set (`debug_bundler_setConfiguration`). */
function withBundleSize<limits extends { expectedBundleSize: bigint }>(
  limits: limits,
  size: () => bigint,
): limits {
  let set: bigint | undefined
  return {
    ...limits,
    get expectedBundleSize() {
      return set ?? size()
    },
    set expectedBundleSize(value: bigint) {
      set = value
    },
  }
}
