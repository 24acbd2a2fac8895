import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, getAddress } from 'viem'
import { checkRules } from '../policy/checkRules.ts'
import { defaultMarketplacePolicy } from '../policy/defaultMarketplacePolicy.ts'
import { parsePolicy } from '../policy/policy.ts'
import type { PolicyDocument } from '../policy/policyDocument.ts'
import type { SponsorshipRequest } from '../policy/rules/sponsorshipRequest.ts'
import { encodeList, encodeMode, modeOf } from './accountEncodings.ts'

const address = (digit: string): Address => getAddress(`0x${digit.repeat(40)}`)

/** Who and what the rules are asked about. */
export const parties = {
  marketplace: address('1'),
  registry: address('2'),
  fab: address('3'),
  usdc: address('4'),
  sender: address('5'),
  stranger: address('6'),
  factory: address('7'),
  delegate: address('8'),
  entryPoint: address('9'),
  proofSystem: address('b'),
}

const { marketplace, registry, proofSystem, fab, usdc, sender, factory, delegate, entryPoint } =
  parties

/** Code of the sender. */
export const code = { hash: `0x${'c0'.repeat(32)}`, implementation: address('a') } as const

/** The default policy of a marketplace at made-up addresses. */
export const document = defaultMarketplacePolicy({
  chainId: 1,
  entryPoints: [entryPoint],
  marketplace,
  registry,
  proofSystem,
  fab,
  usdc,
  factories: [factory],
  delegates: [delegate],
  accounts: { codeHash: code.hash, implementations: [code.implementation] },
  budgetWei: 1_000n,
  operationWei: 1_000n,
  maxFeePerGas: 1_000n,
  userDayWei: 1_000n,
})

/** Call data of FabstirAccount for a batch. */
export function encodeExecute(
  calls: readonly { target: Address; data: Hex; value?: bigint }[],
): Hex {
  return encodeMode(modeOf('01'), encodeList(calls.map((call) => ({ value: 0n, ...call }))))
}

export const claimJob = encodeFunctionData({
  abi: jobMarketplaceAbi,
  functionName: 'claimJob',
  args: [1n],
})

/** What the document sponsors, with changes. */
export const sponsorshipRequest = (
  overrides: Partial<SponsorshipRequest> = {},
): SponsorshipRequest => ({
  chainId: 1,
  entryPoint,
  now: 1_000,
  origin: undefined,
  sender,
  nonce: 0n,
  factory: undefined,
  factoryData: undefined,
  delegate: undefined,
  code,
  storage: new Map(),
  created: undefined,
  callData: encodeExecute([{ target: marketplace, data: claimJob }]),
  maxFeePerGas: 10n,
  gas: { callGasLimit: 100n, verificationGasLimit: 50n, preVerificationGas: 50n },
  estimate: undefined,
  gasPast: undefined,
  ...overrides,
})

/** The rule that refuses, of the document with changes. */
export const ruleOf = (
  overrides: Partial<SponsorshipRequest>,
  changes: Partial<PolicyDocument> = {},
): string | undefined =>
  checkRules(parsePolicy({ ...document, ...changes }), sponsorshipRequest(overrides))?.rule
