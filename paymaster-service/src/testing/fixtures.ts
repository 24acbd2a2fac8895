import type { UserOperation } from '@fabstir/erc4337'
import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Address } from 'viem'
import {
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import { createPolicyGate } from '../gate/policyGate.ts'
import { createRequestCounter } from '../gate/requestCounter.ts'
import { defaultMarketplacePolicy } from '../policy/defaultMarketplacePolicy.ts'
import type { PolicyDocument } from '../policy/policyDocument.ts'

const address = (digit: string): Address => getAddress(`0x${digit.repeat(40)}`)

export const testChainId = 31_337
export const testPaymaster = address('9')
export const testSender = address('5')
export const testFactory = address('7')
/** Code of an account that the default policy knows. */
export const testCode = { hash: `0x${'c0'.repeat(32)}`, implementation: address('6') } as const
const marketplace = address('1')

/** Nobody's page. */
export const testCaller = { app: 'test', keyId: undefined, rateKey: 'test', origin: undefined }

/** A gate without webhooks. */
export const testGate = (now = 1_700_000_000) =>
  createPolicyGate({
    secretOf: () => undefined,
    exchange: () => Promise.reject(new Error('nobody is asked')),
    count: createRequestCounter(),
    clock: () => now,
  })

/** The default policy of a marketplace at made-up addresses. */
export function testPolicy(
  overrides: Partial<PolicyDocument> & { budgetWei?: bigint } = {},
): PolicyDocument {
  const { budgetWei = 10n ** 18n, ...changes } = overrides
  return {
    ...defaultMarketplacePolicy({
      chainId: testChainId,
      entryPoints: [defaultEntryPoint.address],
      marketplace,
      registry: address('2'),
      fab: address('3'),
      usdc: address('4'),
      factories: [testFactory],
      accounts: { codeHash: testCode.hash, implementations: [testCode.implementation] },
      budgetWei,
      // Out of the way of what is tested.
      operationWei: 2n ** 200n,
      maxFeePerGas: 2n ** 120n,
      userDayWei: 2n ** 200n,
      userDayCount: Number.MAX_SAFE_INTEGER,
    }),
    ...changes,
  }
}

/** An operation that the default policy sponsors: `claimJob(1)` on the marketplace. */
export function testOperation(overrides: Partial<UserOperation> = {}): UserOperation {
  const data = encodeFunctionData({
    abi: parseAbi(['function claimJob(uint256 jobId)']),
    args: [1n],
  })
  return {
    sender: testSender,
    nonce: 0n,
    callData: encodeFunctionData({
      abi: parseAbi(['function execute(bytes32 mode, bytes executionData)']),
      args: [
        `0x01${'00'.repeat(31)}`,
        encodeAbiParameters(
          parseAbiParameters([
            'Call[] calls',
            'struct Call { address target; uint256 value; bytes data; }',
          ]),
          [[{ target: marketplace, value: 0n, data }]],
        ),
      ],
    }),
    callGasLimit: 100_000n,
    verificationGasLimit: 100_000n,
    preVerificationGas: 50_000n,
    maxFeePerGas: 1_000n,
    maxPriorityFeePerGas: 100n,
    signature: '0x',
    ...overrides,
  }
}
