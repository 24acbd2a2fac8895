import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { size } from 'viem'
import type { SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import type { EstimationLimits } from './limits.ts'
import { aroundUsed, searchEffort, withMargin } from './margin.ts'
import type { Probes } from './probes.ts'
import { searchGasLimit } from './searchGasLimit.ts'

export type VerificationLimits = Pick<
  UserOperation,
  'verificationGasLimit' | 'paymasterVerificationGasLimit'
>

/**
 * Least verification limits that the validation of `op` passes, with a margin.
 * @param op With limits that its validation passes.
 * @param validation Of the same operation.
 */
export async function searchVerificationGas(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  validation: Pick<SimulatedValidation, 'preOpGas'>,
  probes: Probes,
  { maxVerificationGas: max }: Pick<EstimationLimits, 'maxVerificationGas'>,
  { keepPaymasterLimit }: { keepPaymasterLimit: boolean },
): Promise<VerificationLimits> {
  const used = validation.preOpGas - op.preVerificationGas
  if (!op.paymaster || !entryPoint.supports.paymasterGasLimits) {
    const limit = await searchLimit(op, 'verificationGasLimit', aroundUsed(used, max), probes, max)
    return { verificationGasLimit: withMargin(limit, max) }
  }
  const kept = keepPaymasterLimit
    ? { paymasterVerificationGasLimit: op.paymasterVerificationGasLimit ?? 0n }
    : {}

  const shares = await measureShares(op, entryPoint, used, probes)
  if (shares && shares.account < max / 2n && shares.paymaster < max / 2n) {
    const limits = {
      verificationGasLimit: withMargin(shares.account, max),
      paymasterVerificationGasLimit: withMargin(shares.paymaster, max),
      ...kept,
    }
    if ((await probes.validation({ ...op, ...limits })).ok) return limits
  }

  const accountLimit = await searchLimit(
    op,
    'verificationGasLimit',
    { guess: shares?.account ?? used, floor: 0n },
    probes,
    max,
  )
  const verified = { ...op, verificationGasLimit: withMargin(accountLimit, max) }
  const paymasterLimit = keepPaymasterLimit
    ? undefined
    : await searchLimit(
        verified,
        'paymasterVerificationGasLimit',
        { guess: used > accountLimit ? used - accountLimit : 0n, floor: 0n },
        probes,
        max,
      )
  return {
    verificationGasLimit: verified.verificationGasLimit,
    ...(paymasterLimit === undefined
      ? kept
      : { paymasterVerificationGasLimit: withMargin(paymasterLimit, max) }),
  }
}

function searchLimit(
  op: UserOperation,
  field: 'verificationGasLimit' | 'paymasterVerificationGasLimit',
  where: { guess: bigint; floor: bigint },
  probes: Probes,
  max: bigint,
): Promise<bigint> {
  return searchGasLimit({
    ...where,
    max,
    ...searchEffort,
    probe: async (limit) => (await probes.validation({ ...op, [field]: limit })).ok,
  })
}

/**
 * What an EntryPoint counts for a paymaster that does nothing, measured on 0.7 to 0.9 with operations of
 * 23 to 1,900 words: 9,700 to 10,500 gas and 3 per word.
 */
const idlePaymasterGas = { least: 9_600n, most: 10_600n, word: 3n }

/**
 * How much of `used` account and paymaster used, each rounded up by at most 1,000 gas: the difference to a
 * paymaster that does nothing is what the real one does.
 * @returns `undefined` when the account wants no other paymaster.
 */
async function measureShares(
  op: UserOperation,
  entryPoint: EntryPointAdapter,
  used: bigint,
  probes: Probes,
): Promise<{ account: bigint; paymaster: bigint } | undefined> {
  const idle = await probes.idlePaymasterValidation(op)
  if (!idle.ok) return undefined
  const idleUsed = idle.result.preOpGas - op.preVerificationGas
  const words = BigInt(size(entryPoint.encodeOperation(op)) / 32)
  const account = idleUsed - idlePaymasterGas.least - words * idlePaymasterGas.word
  const paymaster = used - idleUsed + idlePaymasterGas.most + words * idlePaymasterGas.word
  return account > 0n && paymaster > 0n ? { account, paymaster } : undefined
}
