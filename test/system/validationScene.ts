import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { parseEther, parseEventLogs } from 'viem'
import { createEstimator } from '../../bundler/src/estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../../bundler/src/estimation/limits.ts'
import { createFeeOracle } from '../../bundler/src/fees/feeOracle.ts'
import { defaultValidationLimits } from '../../bundler/src/validation/limits.ts'
import { createValidator } from '../../bundler/src/validation/validate.ts'
import { paymasterCode, revertWithDeadbeef, writeSlots } from '../fixtures/paymasterCode.ts'
import type { TestAccount } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, sign, unsigned } from '../fixtures/simpleAccounts.ts'
import { startTestChain } from '../fixtures/testChain.ts'

export const paymasters = {
  plain: '0x00000000000000000000000000000000000000b1',
  withPostOp: '0x00000000000000000000000000000000000000b2',
  withoutDeposit: '0x00000000000000000000000000000000000000b3',
  rejecting: '0x00000000000000000000000000000000000000b4',
  wrongSignature: '0x00000000000000000000000000000000000000b5',
  expiresAt3600: '0x00000000000000000000000000000000000000b6',
  endsAtBlock2: '0x00000000000000000000000000000000000000b7',
} as const satisfies Record<string, Address>

const blockFlag = 1n << 47n
const paymasterCodes: Record<keyof typeof paymasters, Hex> = {
  plain: paymasterCode(),
  withPostOp: paymasterCode({ postOp: writeSlots(3) }),
  withoutDeposit: paymasterCode(),
  rejecting: revertWithDeadbeef,
  wrongSignature: paymasterCode({ validationData: 1n }),
  expiresAt3600: paymasterCode({ validationData: 3600n << 160n }),
  endsAtBlock2: paymasterCode({
    validationData: ((blockFlag | 2n) << 160n) | ((blockFlag | 1n) << 208n),
  }),
}

export type OperationFields = Partial<UserOperation> & { deploy?: boolean }

export const versions = entryPointAdapters.map(({ version }) => ({ version }))

/** Gas limits of a paymaster, for an EntryPoint that knows them. */
export function paymasterLimitsOf(version: EntryPointVersion) {
  const adapter = entryPointAdapters.find((one) => one.version === version)
  return adapter?.supports.paymasterGasLimits
    ? { paymasterVerificationGasLimit: 60_000n, paymasterPostOpGasLimit: 20_000n }
    : {}
}

/** Estimator and validator on a chain with accounts and paymasters. */
export async function startValidationScene() {
  const chain = await startTestChain()
  const accounts = await deploySimpleAccounts(chain)
  for (const name of Object.keys(paymasters) as (keyof typeof paymasters)[]) {
    const address = paymasters[name]
    await chain.client.setCode({ address, bytecode: paymasterCodes[name] })
    if (name === 'withoutDeposit') continue
    for (const entryPoint of entryPointAdapters)
      await chain.deposit(entryPoint, address, parseEther('1'))
  }
  const { reader, chainId } = chain
  const { gasPrice } = createFeeOracle({ reader })
  const estimator = createEstimator({ reader, chainId, limits: defaultEstimationLimits, gasPrice })
  const validator = createValidator({
    reader,
    chainId,
    limits: defaultValidationLimits,
    gasPrice,
    now: Date.now,
  })

  return {
    chain,
    accounts,
    estimator,
    validator,
    stop: () => chain.stop(),
    /** Estimates `op` with its dummy signature and signs it with the limits it got. */
    async estimated(account: TestAccount, op: UserOperation): Promise<UserOperation> {
      const estimate = await estimator.estimate(op, account.entryPoint)
      return sign(account, { ...op, ...estimate }, chainId)
    },
    /** Sends the bundle and returns what its EntryPoint reported about each operation. */
    async include(account: TestAccount, ops: readonly UserOperation[]) {
      const { entryPoint } = account
      const receipt = await chain.send({
        to: entryPoint.address,
        data: entryPoint.encodeHandleOps(ops, chain.bundler),
        gas: 15_000_000n,
      })
      const events = parseEventLogs({
        abi: entryPoint.abi,
        logs: receipt.logs,
        eventName: 'UserOperationEvent',
      }) as unknown as { args: { userOpHash: Hex; success: boolean; actualGasUsed: bigint } }[]
      return { receipt, events: events.map(({ args }) => args) }
    },
    /** An operation of a new account with ample limits, signed. */
    async signedOperation(
      version: EntryPointVersion,
      fields: OperationFields,
      existing?: TestAccount,
    ) {
      const account = existing ?? (await accounts.counterfactual(version))
      const op = unsigned(account, {
        deploy: true,
        callGasLimit: 50_000n,
        verificationGasLimit: 600_000n,
        preVerificationGas: 80_000n,
        ...fields,
      })
      return { account, op: await sign(account, op, chain.chainId) }
    },
  }
}

export type ValidationScene = Awaited<ReturnType<typeof startValidationScene>>
