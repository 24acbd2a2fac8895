import { eip7702FactoryMarker } from '@fabstir/erc4337'
import { zeroAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  claimJob,
  code,
  document,
  parties,
  ruleOf,
  sponsorshipRequest,
} from '../testing/sponsorshipRequest.ts'
import { moduleSlots } from './accounts/validators.ts'
import { dryRun } from './dryRun.ts'
import { parsePolicy } from './policy.ts'
import type { PolicyDocument } from './policyDocument.ts'
import type { SponsorshipRequest } from './rules/sponsorshipRequest.ts'

const { sender, stranger, factory, delegate } = parties
/** Of session key `stranger`. */
const sessionNonce = (1n << 248n) | (BigInt(stranger) << 64n)

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
    {
      name: 'more gas than the document has',
      given: {},
      policy: { gasLimits: { preVerificationGas: 49 } },
      rule: 'gas.limit',
    },
    {
      name: 'gas above an estimate',
      given: {
        estimate: { callGasLimit: 20n, verificationGasLimit: 50n, preVerificationGas: 50n },
      },
      policy: { unusedGas: { maxPercent: 39 } },
      rule: 'gas.unused',
    },
    {
      name: 'a listed origin',
      given: { origin: 'https://app.example' },
      policy: { origins: ['https://app.example'] },
      rule: undefined,
    },
    {
      name: 'the origin of a neighbour',
      given: { origin: 'https://app.example.evil' },
      policy: { origins: ['https://app.example'] },
      rule: 'origin.not-allowed',
    },
    {
      name: 'another scheme of a listed origin',
      given: { origin: 'http://app.example' },
      policy: { origins: ['https://app.example'] },
      rule: 'origin.not-allowed',
    },
    {
      name: 'an opaque origin',
      given: { origin: 'null' },
      policy: { origins: ['https://app.example'] },
      rule: 'origin.not-allowed',
    },
    {
      name: 'no origin',
      given: {},
      policy: { origins: ['https://app.example'] },
      rule: 'origin.missing',
    },
    {
      name: 'a listed session key',
      given: { nonce: sessionNonce },
      policy: { sessionKeys: { allow: [stranger] } },
      rule: undefined,
    },
    {
      name: 'a session key that is not listed',
      given: { nonce: sessionNonce },
      policy: { sessionKeys: { allow: [sender, 'owner'] } },
      rule: 'session-key.not-allowed',
    },
    {
      name: 'a denied session key',
      given: { nonce: sessionNonce },
      policy: { sessionKeys: { allow: [stranger], deny: [stranger] } },
      rule: 'session-key.denied',
    },
    {
      name: 'the owner where only keys are listed',
      given: {},
      policy: { sessionKeys: { allow: [stranger] } },
      rule: 'session-key.not-allowed',
    },
    {
      name: 'the owner where keys are denied',
      given: {},
      policy: { sessionKeys: { deny: [stranger] } },
      rule: undefined,
    },
    {
      name: 'the owner where it is denied',
      given: {},
      policy: { sessionKeys: { deny: ['owner'] } },
      rule: 'session-key.denied',
    },
    {
      name: 'a nonce of neither owner nor key where keys are denied',
      given: { nonce: 2n << 248n },
      policy: { sessionKeys: { deny: [stranger] } },
      rule: 'session-key.unknown',
    },
    { name: 'a known factory', given: { factory }, rule: undefined },
    {
      name: 'a denied factory, listed or not',
      given: { factory },
      policy: { deniedFactories: [factory] },
      rule: 'factory.denied',
    },
    {
      name: 'a factory with data that could make anything',
      given: { factory, factoryData: '0x1234', code: undefined, created: sender },
      policy: {
        factories: [{ address: factory, shape: 'kernel-3' }],
        validators: [stranger],
      },
      rule: 'factory.data',
    },
    {
      name: 'a modular account whose validator is not listed',
      given: {
        nonce: BigInt(stranger) << 64n,
        storage: new Map(moduleSlots.erc7579.map((slot) => [slot, zeroHash])),
      },
      policy: {
        accounts: [
          { shape: 'erc7579', codeHash: code.hash, implementations: [code.implementation] },
        ],
        validators: [delegate],
      },
      rule: 'validator.unknown',
    },
    {
      name: 'the EIP-7702 marker with a call of its own',
      given: { factory: eip7702FactoryMarker, factoryData: '0x1234', delegate },
      rule: 'factory.data',
    },
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
    {
      name: 'call data of FabstirAccount to an account of another shape',
      given: {},
      policy: {
        accounts: [
          { shape: 'simple-0.8', codeHash: code.hash, implementations: [code.implementation] },
        ],
      },
      rule: 'calls.not-decodable',
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
      name: 'a proxy of anything where only its code is listed',
      given: { code: { ...code, implementation: stranger } },
      policy: { accounts: [{ shape: 'fabstir', codeHash: code.hash }] },
      rule: 'account.unknown',
    },
    {
      name: 'code that is no proxy',
      given: { code: { ...code, implementation: zeroAddress } },
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

test('a dry run says what every rule says, and what would be called', () => {
  const policy = parsePolicy({ ...document, time: { until: 1 }, deniedFactories: [factory] })
  const run = dryRun(policy, sponsorshipRequest({ factory, maxFeePerGas: 2_000n }))
  expect(run.refusal?.rule).toBe('time.ended')
  const refused = run.verdicts.flatMap(({ refusal }) => refusal?.rule ?? [])
  expect(refused).toEqual(['time.ended', 'gas.max-fee', 'factory.denied'])
  expect(run.calls).toEqual([{ target: parties.marketplace, value: 0n, data: claimJob }])
  expect(run.selectors).toEqual([claimJob.slice(0, 10)])
  const unread = dryRun(policy, sponsorshipRequest({ callData: '0x12345678' }))
  expect(unread).toMatchObject({ calls: undefined, selectors: [] })
})
