import { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import { encodeFunctionData, getAddress, toFunctionSelector, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { eth, usdc } from '../../units/amounts.ts'
import { contractCall } from '../contractCall.ts'
import { depositPrepaid } from '../marketplace/depositPrepaid.ts'
import { removeOffer } from '../models/removeOffer.ts'
import { cancelProposal } from './cancelProposal.ts'
import { castVote } from './castVote.ts'
import { castVoteBySig } from './castVoteBySig.ts'
import { delegateVotes } from './delegateVotes.ts'
import { executeProposal } from './executeProposal.ts'
import { getDelegate } from './getDelegate.ts'
import { getVotes } from './getVotes.ts'
import { propose } from './propose.ts'
import { proposeParameters } from './proposeParameters.ts'
import { queueProposal } from './queueProposal.ts'

const voter = '0x2200000000000000000000000000000000000022'
const proposalId = 77n
const description = 'Lower the fee'
const setFees = encodeFunctionData({
  abi: jobMarketplaceAbi,
  functionName: 'setFees',
  args: [900n, 500n],
})

describe('proposals', () => {
  test('are made of plain calls and of actions, which the timelock would take', async () => {
    const call = propose.call({
      calls: [
        contractCall({
          contract: 'marketplace',
          abi: jobMarketplaceAbi,
          functionName: 'setFees',
          args: [900n, 500n],
        }),
        removeOffer.call({ model: 'm', token: 'eth' }),
        { to: voter, value: eth(1).value },
      ],
      description,
    })
    const [[contract, name, targets, values, calldatas, text] = []] = await callsOf(call)
    expect([contract, name, text]).toEqual(['governor', 'propose', description])
    expect(targets).toEqual([
      getAddress(contracts.marketplace),
      getAddress(contracts.modelRegistry),
      voter,
    ])
    expect(values).toEqual([0n, 0n, eth(1).value])
    const [first, second, third] = calldatas as string[]
    expect([first, third]).toEqual([setFees, '0x'])
    // The host whose offer is removed is the account that acts: the timelock.
    expect(second).toContain(contracts.timelock.slice(2))
    expect(second).not.toContain(me.slice(2))
  })

  test('of an action that pulls tokens approve them from what the timelock holds', async () => {
    const call = propose.call({ calls: [depositPrepaid.call({ amount: usdc(5) })], description })
    const [[, , targets] = []] = await callsOf(call)
    expect(targets).toEqual([getAddress(contracts.usdc), getAddress(contracts.marketplace)])
    // The account itself spends nothing by proposing.
    expect((await call.prepare(chainWith())).spends).toBeUndefined()
  })

  test('of parameters go by name', async () => {
    const setter = 'setClosingWindow(uint256)'
    const changes = [
      { contract: 'marketplace', setter, parameter: 'closingWindow', value: 7200n },
      { contract: voter, setter, parameter: 'closingWindow', value: 1n },
    ] as const
    const functionSelector = toFunctionSelector(setter)
    const of = { functionSelector, parameterName: 'closingWindow' }
    expect(await callsOf(proposeParameters.call({ changes, description }))).toEqual([
      [
        'governor',
        'proposeParameterUpdate',
        [
          { targetContract: getAddress(contracts.marketplace), ...of, newValue: 7200n },
          { targetContract: voter, ...of, newValue: 1n },
        ],
        description,
      ],
    ])
  })
})

test('a contract call sends its value along and asks for the balance', async () => {
  const call = contractCall({
    contract: 'marketplace',
    abi: jobMarketplaceAbi,
    functionName: 'depositPrepaid',
    args: [zeroAddress, 5n],
    value: 5n,
  })
  expect(await callsOf(call)).toEqual([
    ['marketplace', 'depositPrepaid', zeroAddress, 5n, { value: 5n }],
  ])
  expect((await call.prepare(chainWith())).spends).toEqual([{ token: zeroAddress, amount: 5n }])
})

describe('calls', () => {
  const vote = { proposalId, voter, support: 'against', signature: '0x12' } as const
  test.each([
    [castVote.call({ proposalId, support: 'for' }), 'castVoteWithReason', 77n, 1, ''],
    [
      castVote.call({ proposalId, support: 'abstain', reason: 'why' }),
      'castVoteWithReason',
      77n,
      2,
      'why',
    ],
    [castVoteBySig.call({ vote }), 'castVoteBySig', 77n, 0, voter, '0x12'],
    [queueProposal.call({ proposalId }), 'queue', 77n],
    [executeProposal.call({ proposalId }), 'execute', 77n],
    [cancelProposal.call({ proposalId }), 'cancel', 77n],
  ])('%#: $1', async (call, ...expected) => {
    expect(await callsOf(call)).toEqual([['governor', ...expected]])
  })

  test('votes are delegated to the account itself, or to another one', async () => {
    expect(await callsOf(delegateVotes.call())).toEqual([['fab', 'delegate', me]])
    expect(await callsOf(delegateVotes.call({ to: voter }))).toEqual([['fab', 'delegate', voter]])
  })
})

describe('events', () => {
  const created = {
    proposalId,
    proposer: me,
    targets: [voter],
    values: [3n],
    signatures: [''],
    calldatas: ['0x1234'],
    voteStart: 1n,
    voteEnd: 2n,
    description,
  }
  const proposed = {
    proposalId,
    proposer: me,
    calls: [{ to: voter, value: 3n, data: '0x1234' }],
    voteStart: 1n,
    voteEnd: 2n,
    description,
  }
  const cast = { voter, proposalId, support: 2, weight: 5n, reason: 'why' }
  const delegated = { delegator: me, fromDelegate: zeroAddress, toDelegate: voter }
  test.each([
    [propose, 'governor', 'ProposalCreated', created, proposed],
    [proposeParameters, 'governor', 'ProposalCreated', created, proposed],
    [castVote, 'governor', 'VoteCast', cast, { ...cast, support: 'abstain' }],
    [castVoteBySig, 'governor', 'VoteCast', cast, { ...cast, support: 'abstain' }],
    [
      queueProposal,
      'governor',
      'ProposalQueued',
      { proposalId, etaSeconds: 9n },
      { proposalId, eta: 9n },
    ],
    [executeProposal, 'governor', 'ProposalExecuted', { proposalId }, { proposalId }],
    [cancelProposal, 'governor', 'ProposalCanceled', { proposalId }, { proposalId }],
    [delegateVotes, 'fab', 'DelegateChanged', delegated, delegated],
  ] as const)('%#: $2', (action, contract, eventName, args, expected) => {
    expect(action.extractEvent([logOf(contract, eventName, args)])).toEqual(expected)
  })
})

test('votes are those of now, or of a time in the past; nobody votes without a delegate', async () => {
  const chain = chainWith({
    votesAdapter: { getVotes: 5n, getPastVotes: 3n },
    fab: { delegates: zeroAddress },
  })
  expect(await getVotes(chain)).toBe(5n)
  expect(await getVotes(chain, { at: 9n })).toBe(3n)
  expect(await getDelegate(chain)).toBeUndefined()
  expect(await getDelegate(chainWith({ fab: { delegates: voter } }))).toBe(voter)
})
