import { jobMarketplaceAbi, nodeRegistryAbi } from '@fabstir/contracts/abi'
import { erc20Abi, type Hex, numberToHex, pad, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import { SessionScopeError } from '../../errors/session.ts'
import * as sdk from '../../index.ts'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { type NarrowedScopeName, type ScopeName, scopes } from './scopes.ts'
import { toPermissions } from './toPermissions.ts'

const account = '0x00000000000000000000000000000000000000cc'
const namesOf = new Map(
  [...jobMarketplaceAbi, ...nodeRegistryAbi, ...erc20Abi].flatMap((item) =>
    item.type === 'function'
      ? [[toFunctionSelector(item), `${item.name}/${item.inputs.length}`] as const]
      : [],
  ),
)
const named = (requested: Parameters<typeof toPermissions>[0], spend: ('eth' | 'usdc')[] = []) => {
  const { calls, pins } = toPermissions(requested, { contracts, account, spend })
  return { calls: calls.map(({ selector }) => namesOf.get(selector)), targets: calls, pins }
}

/** They hand out rights, bonds or stakes, or call contracts that no grant names (SpendDecoder of the account). */
const ownersOnly = [
  ...['grantSession', 'revokeSession', 'revokeAllSessions'],
  ...['registerHost', 'addStake', 'claimSlashed', 'setCoSigner', 'setDefaultCoSigner'],
  ...['buyBack', 'lapsePosition', 'splitRevenue', 'syncRewards', 'withdrawRevenue'],
  ...['acceptControl', 'cancelControlledNode', 'registerControlledNode', 'abandonClaim'],
  ...['disputeJob', 'resolveDispute', 'resolveStaleDispute', 'challengeWork', 'decideWork'],
  ...['challengeProof', 'expireChallenge', 'revealEvidence', 'resolveChallenge', 'withdrawBond'],
  ...['submitProof', 'verifyProof', 'verifyProofMany', 'distributeFees', 'rateHost'],
  ...['recordCompletion', 'recordDemand', 'recordModelUse', 'listModel', 'delistModel'],
  ...['updateModel', 'setOffer', 'removeOffer', 'castVote', 'castVoteBySig', 'delegateVotes'],
  ...['propose', 'proposeParameters', 'queueProposal', 'executeProposal', 'cancelProposal'],
  ...['stake', 'unstake', 'relock', 'exitEarly', 'claimRewards', 'claimAllRewards', 'addReward'],
  ...['createPlan', 'closePlan', 'subscribe', 'renewSubscription', 'extendSubscription'],
  ...['cancelSubscription', 'collectSubscription', 'consumeQuota', 'setAutoRenew', 'setMeter'],
  ...['withdrawSubscriptions'],
]

describe('toPermissions', () => {
  test.each<{ scope: Exclude<ScopeName, NarrowedScopeName>; calls: string[] }>([
    { scope: 'claimJob', calls: ['claimJob/1'] },
    { scope: 'completeJob', calls: ['completeJob/3', 'submitResult/2'] },
    { scope: 'refundExpiredJob', calls: ['claimExpired/1'] },
    { scope: 'checkpoint', calls: ['submitCheckpoint/4', 'submitProofOfWork/3'] },
    { scope: 'settleSession', calls: ['settleSession/1', 'settleSessionWithVoucher/4'] },
    {
      scope: 'complete',
      calls: ['completeJob/3', 'submitResult/2', 'completeSessionJob/1', 'finalizeSession/1'],
    },
    { scope: 'openSession', calls: ['createSession/1'] },
    { scope: 'postJob', calls: ['postJob/3', 'postJobWithToken/4'] },
    // Only the form that pays the account itself.
    { scope: 'withdraw', calls: ['withdraw/1'] },
    { scope: 'setMetadata', calls: ['updateMetadata/1'] },
  ])('$scope allows $calls', ({ scope, calls }) => {
    expect(named([scope]).calls).toEqual(calls)
    expect(named([scope]).pins).toEqual([])
  })

  test('every scope names functions that its contract has', () => {
    const abis = { marketplace: jobMarketplaceAbi, registry: nodeRegistryAbi }
    for (const { contract, functions } of Object.values(scopes)) {
      const known = abis[contract].flatMap((item) =>
        item.type === 'function' ? [toFunctionSelector(item)] : [],
      )
      expect(functions.length).toBeGreaterThan(0)
      for (const signature of functions) expect(known).toContain(toFunctionSelector(signature))
    }
  })

  test('every action has a scope of its name, or is one that accounts let no key send', () => {
    const actions = Object.entries(sdk).flatMap(([name, action]) =>
      typeof action === 'function' && Object.hasOwn(action, 'extractEvent') ? [name] : [],
    )
    expect(actions).toContain('claimJob')
    const unnamed = actions.filter((name) => !Object.hasOwn(scopes, name))
    expect(unnamed.toSorted()).toEqual(ownersOnly.toSorted())
  })

  test('a withdrawal that names a recipient has the account itself as the only one', () => {
    expect(named(['withdrawTo']).pins).toMatchObject([{ index: 1, allowed: [pad(account)] }])
  })

  test('transfers go to the recipients that are named', () => {
    const host = contracts.timelock
    const { targets, pins } = named([{ name: 'transfer', token: 'usdc', to: [host] }])
    expect(targets).toMatchObject([{ target: contracts.usdc }])
    expect(pins).toMatchObject([{ target: contracts.usdc, index: 0, allowed: [pad(host)] }])
  })

  test.each([
    ['no scope', 'claimEverything' as 'claimJob'],
    ['a name that objects have', 'constructor' as 'claimJob'],
    ['narrowed to nothing', { name: 'claimJob', jobs: [] } as const],
    ['a transfer to nobody', { name: 'transfer', token: 'usdc', to: [] } as const],
  ])('%s is refused', (_, scope) => {
    expect(() => named([scope])).toThrow(SessionScopeError)
  })

  test('marketplace and registry functions go to their own contract', () => {
    expect(named(['claimJob', 'setAccepting']).targets.map(({ target }) => target)).toEqual([
      contracts.marketplace,
      contracts.registry,
    ])
  })

  test('scopes that pull tokens bring approve for each token with a limit, ETH has none', () => {
    expect(named(['openSession'], ['eth', 'usdc']).targets.at(-1)).toEqual({
      target: contracts.usdc,
      selector: toFunctionSelector('approve(address,uint256)'),
    })
    expect(named(['openSession'], ['eth']).calls).toEqual(['createSession/1'])
    expect(named(['claimJob'], ['usdc']).calls).toEqual(['claimJob/1'])
  })

  test('a function that two scopes share is listed once', () => {
    expect(named(['completeJob', 'complete']).calls).toHaveLength(4)
    expect(named(['openSession', 'postJob'], ['usdc']).calls).toHaveLength(4)
  })

  test('hosts and ids become pins of the first argument', () => {
    const host = contracts.timelock
    const { pins } = named([
      { name: 'openSession', hosts: [host] },
      { name: 'claimJob', jobs: [1n, 2n] },
    ])
    expect(pins.map(({ index, allowed }) => ({ index, allowed }))).toEqual([
      { index: 0, allowed: [pad(host)] },
      { index: 0, allowed: [numberToHex(1n, { size: 32 }), numberToHex(2n, { size: 32 })] },
    ])
  })

  test('two sets for one argument become their union', () => {
    const { pins } = named([
      { name: 'claimJob', jobs: [1n] },
      { name: 'claimJob', jobs: [2n, 1n] },
    ])
    expect(pins).toHaveLength(1)
    expect(pins[0]?.allowed).toHaveLength(2)
  })

  describe('two scopes of one function', () => {
    const transferFrom = '0x23b872dd'
    const [a, b, c, d] = [pad('0x01'), pad('0x02'), pad('0x03'), pad('0x04')]
    const sending = (from: Hex[], to: Hex[], more: { index: number; allowed: Hex[] }[] = []) => ({
      target: contracts.usdc,
      selector: transferFrom as Hex,
      pins: [{ index: 0, allowed: from }, { index: 1, allowed: to }, ...more].filter(
        ({ allowed }) => allowed.length > 0,
      ),
    })
    const setsOf = (...requested: ReturnType<typeof sending>[]) =>
      Object.fromEntries(named(requested).pins.map(({ index, allowed }) => [index, allowed]))

    test('that differ in one argument are one, whatever the case of their letters', () => {
      expect(setsOf(sending([a], [b]), sending([a], [c, b]))).toEqual({ 0: [a], 1: [b, c] })
      expect(setsOf(sending([a], [b]), sending([c], [b]), sending([d], [b]))).toEqual({
        0: [a, c, d],
        1: [b],
      })
      const [upper, lower] = [`0x${'AB'.repeat(32)}`, `0x${'ab'.repeat(32)}`] as const
      expect(setsOf(sending([upper], [b]), sending([lower], [c]))).toEqual({
        0: [lower],
        1: [b, c],
      })
    })

    // The account holds each argument against its own set: {A to B} and {C to D} would allow A to D as well.
    test.each([
      ['other senders to other recipients', sending([a], [b]), sending([c], [d])],
      ['a sender and a recipient alone', sending([a], []), sending([], [d])],
      [
        'other amounts to other recipients',
        sending([a], [b], [{ index: 2, allowed: [c] }]),
        sending([a], [c], [{ index: 2, allowed: [d] }]),
      ],
    ])('that would be mixed are refused: %s', (_, first, second) => {
      expect(() => setsOf(first, second)).toThrow(SessionScopeError)
      expect(() => setsOf(second, first)).toThrow("scope '0x23b872dd' cannot be granted")
      // Each by itself, and both of different functions, are fine.
      const other = { ...second, selector: '0xa9059cbb' } as const
      expect(named([first, other]).pins).toHaveLength(first.pins.length + second.pins.length)
    })

    test('with and without pins are the one with pins', () => {
      const [free, pinned] = [sending([], []), sending([a], [b])]
      for (const requested of [
        [free, pinned],
        [pinned, free],
      ])
        expect(setsOf(...requested)).toEqual({ 0: [a], 1: [b] })
    })
  })

  test('any other function is named by target and selector', () => {
    const scope = { target: contracts.fab, selector: '0xa9059cbb', pins: [] } as const
    expect(named([scope]).targets).toEqual([{ target: contracts.fab, selector: '0xa9059cbb' }])
  })
})
