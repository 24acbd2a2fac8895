import {
  fabstirAccountAbi,
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  proofSystemAbi,
} from '@fabstir/contracts/abi'
import { eip7702FactoryMarker } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import {
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  parseAbi,
  parseAbiParameters,
  slice,
  toFunctionSelector,
  zeroHash,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { checkRules } from './checkRules.ts'
import { defaultMarketplacePolicy } from './defaultMarketplacePolicy.ts'
import { parsePolicy } from './policy.ts'
import type { PolicyDocument } from './policyDocument.ts'
import type { SponsorshipRequest } from './rules/sponsorshipRequest.ts'

const account = (digit: string) => getAddress(`0x${digit.repeat(40)}`)
const [marketplace, registry, fab, usdc] = [account('1'), account('2'), account('3'), account('4')]
const [sender, stranger, factory, delegate, entryPoint] = [
  account('5'),
  account('6'),
  account('7'),
  account('8'),
  account('9'),
]

const proofSystem = account('b')
const code = { hash: `0x${'c0'.repeat(32)}`, implementation: account('a') } as const

const document = defaultMarketplacePolicy({
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

function encodeExecute(calls: readonly { target: Address; data: Hex; value?: bigint }[]): Hex {
  return encodeFunctionData({
    abi: parseAbi(['function execute(bytes32 mode, bytes executionData)']),
    functionName: 'execute',
    args: [
      `0x01${'00'.repeat(31)}`,
      encodeAbiParameters(
        parseAbiParameters([
          'Call[] calls',
          'struct Call { address target; uint256 value; bytes data; }',
        ]),
        [calls.map((call) => ({ value: 0n, ...call }))],
      ),
    ],
  })
}

const claimJob = encodeFunctionData({
  abi: jobMarketplaceAbi,
  functionName: 'claimJob',
  args: [1n],
})
const approve = (spender: Address) =>
  encodeFunctionData({ abi: fabTokenAbi, functionName: 'approve', args: [spender, 5n] })
const grant = encodeFunctionData({
  abi: fabstirAccountAbi,
  functionName: 'addSessionKey',
  args: [stranger, 9],
})

const request = (overrides: Partial<SponsorshipRequest> = {}): SponsorshipRequest => ({
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
  created: undefined,
  callData: encodeExecute([{ target: marketplace, data: claimJob }]),
  maxFeePerGas: 10n,
  gas: { callGasLimit: 100n, verificationGasLimit: 50n, preVerificationGas: 50n },
  estimate: undefined,
  gasPast: undefined,
  ...overrides,
})

const ruleOf = (overrides: Partial<SponsorshipRequest>, changes: Partial<PolicyDocument> = {}) =>
  checkRules(parsePolicy({ ...document, ...changes }), request(overrides))?.rule

describe('checkRules', () => {
  test.each<{
    name: string
    given: Partial<SponsorshipRequest>
    policy?: Partial<PolicyDocument>
    rule: string | undefined
  }>([
    { name: 'a listed call', given: {}, rule: undefined },
    { name: 'another chain', given: { chainId: 2 }, rule: 'chain.not-allowed' },
    {
      name: 'another EntryPoint',
      given: { entryPoint: stranger },
      rule: 'entry-point.not-allowed',
    },
    {
      name: 'the second before its start',
      given: { now: 999 },
      policy: { time: { from: 1_000 } },
      rule: 'time.not-started',
    },
    { name: 'its first second', given: {}, policy: { time: { from: 1_000 } }, rule: undefined },
    { name: 'its last second', given: {}, policy: { time: { until: 1_000 } }, rule: undefined },
    {
      name: 'the second after its end',
      given: { now: 1_001 },
      policy: { time: { until: 1_000 } },
      rule: 'time.ended',
    },
    {
      name: 'a denied sender',
      given: {},
      policy: { senders: { deny: [sender] } },
      rule: 'sender.denied',
    },
    {
      name: 'a sender that is not listed',
      given: {},
      policy: { senders: { allow: [stranger] } },
      rule: 'sender.not-allowed',
    },
    {
      name: 'a listed sender',
      given: {},
      policy: { senders: { allow: [sender] } },
      rule: undefined,
    },
    { name: 'the highest fee', given: {}, policy: { maxFeePerGas: '10' }, rule: undefined },
    {
      name: 'a higher fee',
      given: { maxFeePerGas: 11n },
      policy: { maxFeePerGas: '10' },
      rule: 'gas.max-fee',
    },
    { name: 'a known factory', given: { factory }, rule: undefined },
    { name: 'an unknown factory', given: { factory: stranger }, rule: 'factory.unknown' },
    { name: 'a known delegate', given: { delegate }, rule: undefined },
    { name: 'an unknown delegate', given: { delegate: stranger }, rule: 'delegate.unknown' },
    {
      name: 'the EIP-7702 marker with a known delegate',
      given: { factory: eip7702FactoryMarker, delegate },
      rule: undefined,
    },
    {
      name: 'the EIP-7702 marker without a delegate',
      given: { factory: eip7702FactoryMarker },
      rule: 'factory.unknown',
    },
    { name: 'garbage', given: { callData: '0xdeadbeef00' }, rule: 'calls.not-decodable' },
    { name: 'no call', given: { callData: '0x' }, rule: 'calls.empty' },
    {
      name: 'no call with a deployment',
      given: { callData: '0x', factory, code: undefined, created: sender },
      rule: undefined,
    },
    {
      name: 'no call with the factory of an account that exists',
      given: { callData: '0x', factory, created: sender },
      rule: 'calls.empty',
    },
    {
      name: 'code that is not listed',
      given: { code: { ...code, hash: zeroHash } },
      rule: 'account.unknown',
    },
    {
      name: 'a listed proxy with an implementation that is not',
      given: { code: { ...code, implementation: stranger } },
      rule: 'account.unknown',
    },
    {
      name: 'any implementation where the code alone is listed',
      given: { code: { ...code, implementation: stranger } },
      policy: { accounts: [{ shape: 'fabstir', codeHash: code.hash }] },
      rule: undefined,
    },
    { name: 'a sender without code', given: { code: undefined }, rule: 'account.unknown' },
    {
      name: 'a factory that makes another account',
      given: { code: undefined, factory, created: stranger },
      rule: 'account.unknown',
    },
    {
      name: 'foreign code with a factory, which EntryPoint 0.9 skips',
      given: { code: { ...code, hash: zeroHash }, factory, created: sender },
      rule: 'account.unknown',
    },
  ])('$name: $rule', ({ given, policy, rule }) => {
    expect(ruleOf(given, policy)).toBe(rule)
  })
})

describe('defaultMarketplacePolicy', () => {
  test.each<{
    name: string
    calls: { target: Address; data: Hex; value?: bigint }[]
    rule: string | undefined
  }>([
    {
      name: 'FAB for the registry, then registering',
      calls: [
        { target: fab, data: approve(registry) },
        {
          target: registry,
          data: encodeFunctionData({
            abi: nodeRegistryAbi,
            functionName: 'registerNode',
            args: ['gpu:x'],
          }),
        },
      ],
      rule: undefined,
    },
    {
      name: 'FAB for the marketplace',
      calls: [{ target: fab, data: approve(marketplace) }],
      rule: 'calls.argument',
    },
    {
      name: 'USDC for the marketplace',
      calls: [{ target: usdc, data: approve(marketplace) }],
      rule: undefined,
    },
    {
      name: 'USDC for the registry',
      calls: [{ target: usdc, data: approve(registry) }],
      rule: 'calls.argument',
    },
    {
      name: 'USDC for a stranger after a listed call',
      calls: [
        { target: marketplace, data: claimJob },
        { target: usdc, data: approve(stranger) },
      ],
      rule: 'calls.argument',
    },
    {
      name: 'an approval cut short',
      calls: [{ target: usdc, data: slice(approve(marketplace), 0, 35) }],
      rule: 'calls.argument',
    },
    {
      name: 'an approval with dirty address bits',
      calls: [{ target: usdc, data: `0x095ea7b301${approve(marketplace).slice(12)}` }],
      rule: 'calls.argument',
    },
    {
      name: 'a token transfer',
      calls: [
        {
          target: fab,
          data: encodeFunctionData({
            abi: fabTokenAbi,
            functionName: 'transfer',
            args: [stranger, 1n],
          }),
        },
      ],
      rule: 'calls.not-allowed',
    },
    {
      name: 'plain ETH to the marketplace',
      calls: [{ target: marketplace, data: '0x', value: 1n }],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a stranger with a listed selector',
      calls: [{ target: stranger, data: claimJob }],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a governance function of the marketplace',
      calls: [
        {
          target: marketplace,
          data: encodeFunctionData({
            abi: jobMarketplaceAbi,
            functionName: 'setTreasury',
            args: [stranger],
          }),
        },
      ],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a session key on the account',
      calls: [{ target: sender, data: grant }],
      rule: undefined,
    },
    {
      name: 'a session key on another account',
      calls: [{ target: stranger, data: grant }],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a nested execute on the account',
      calls: [{ target: sender, data: encodeExecute([]) }],
      rule: 'calls.nested',
    },
  ])('$name: $rule', ({ calls, rule }) => {
    expect(ruleOf({ callData: encodeExecute(calls) })).toBe(rule)
  })

  test('claimJobViaSessionKey only for the account itself', () => {
    const claim = (wallet: Address) =>
      encodeFunctionData({
        abi: fabstirAccountAbi,
        functionName: 'claimJobViaSessionKey',
        args: [wallet, 1n],
      })
    expect(ruleOf({ callData: claim(sender) })).toBeUndefined()
    expect(ruleOf({ callData: claim(stranger) })).toBe('calls.argument')
  })

  test('every function it lists exists in the contracts', () => {
    const selectorsOf = (abi: readonly { type: string }[]) =>
      abi
        .filter((item) => item.type === 'function')
        .map((item) => toFunctionSelector(item as never))
    const existing = new Map([
      [marketplace, selectorsOf(jobMarketplaceAbi)],
      [registry, selectorsOf(nodeRegistryAbi)],
      [fab, selectorsOf(fabTokenAbi)],
      [usdc, selectorsOf(fabTokenAbi)],
      [proofSystem, selectorsOf(proofSystemAbi)],
      ['account', selectorsOf(fabstirAccountAbi)],
    ])
    const missing = document.calls.flatMap(({ target, functions }) =>
      functions.filter((name) => !existing.get(target)?.includes(toFunctionSelector(name))),
    )
    expect(missing).toEqual([])
  })
})
