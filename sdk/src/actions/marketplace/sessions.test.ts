import {
  decodeAbiParameters,
  encodeAbiParameters,
  getAddress,
  keccak256,
  pad,
  parseAbiParameters,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { TokenMismatchError } from '../../errors/amount.ts'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { eth, usdc } from '../../units/amounts.ts'
import { challengeWork } from './challengeWork.ts'
import { checkpointMany } from './checkpointMany.ts'
import { claimAbandonedSession } from './claimAbandonedSession.ts'
import { completeSessionWithFinal } from './completeSessionWithFinal.ts'
import { decideWork } from './decideWork.ts'
import { depositPrepaid } from './depositPrepaid.ts'
import { openSession } from './openSession.ts'
import { openSessionFromDeposit } from './openSessionFromDeposit.ts'
import { openSessionWithQuote } from './openSessionWithQuote.ts'
import { setCoSigner } from './setCoSigner.ts'
import { setDefaultCoSigner } from './setDefaultCoSigner.ts'
import { settleMany } from './settleMany.ts'
import { settleSession } from './settleSession.ts'
import { settleWithProof } from './settleWithProof.ts'
import { submitWork } from './submitWork.ts'
import { submitWorkMany } from './submitWorkMany.ts'
import { timeoutSession } from './timeoutSession.ts'

const host = '0x2200000000000000000000000000000000000022'
const coSigner = '0x3300000000000000000000000000000000000033'
const usdcToken = getAddress(contracts.usdc)
const market = getAddress(contracts.marketplace)
const transcriptHash = pad('0x07')
const sessionId = 3n
const terms = { host, coSigner, checkpointInterval: 500n } as const
const voucher = (id: bigint, cumulativeTokens: bigint) => ({
  sessionId: id,
  cumulativeTokens,
  transcriptHash,
  signature: '0x1234' as const,
})
const params = {
  host,
  token: usdcToken,
  deposit: 5_000_000n,
  pricePer1000: 200n,
  maxDuration: 86_400n,
  proofInterval: 500n,
  coSigner,
  model: zeroHash,
  proofMode: 0,
}
const price = { deposit: usdc(5), pricePer1000: usdc('0.0002') }

describe('opening', () => {
  test('by model and mode, with the account’s default co-signer', async () => {
    const { coSigner: _, ...rest } = terms
    const call = openSession.call({ ...rest, ...price, model: 'llama', proofMode: 'attested' })
    const [, [, , session] = []] = await callsOf(call)
    expect(session).toEqual({
      ...params,
      coSigner: zeroAddress,
      model: keccak256(stringToHex('llama')),
      proofMode: 1,
    })
  })

  test('from a deposit approves nothing', async () => {
    expect(await callsOf(openSessionFromDeposit.call({ ...terms, ...price }))).toEqual([
      ['marketplace', 'createSessionFromDeposit', params],
    ])
  })

  test('by a quote at its price, token and model', async () => {
    const quote = {
      host,
      renter: zeroAddress,
      token: usdcToken,
      pricePer1000: '123',
      model: transcriptHash,
      expiry: 99,
      signature: '0xabcd',
    } as const
    const call = openSessionWithQuote.call({ quote, ...terms, deposit: usdc(5) })
    expect(await callsOf(call)).toEqual([
      ['usdc', 'approve', market, 5_000_000n],
      [
        'marketplace',
        'createSessionWithQuote',
        { ...params, pricePer1000: 123n, model: transcriptHash },
        { renter: zeroAddress, expiry: 99n, signature: '0xabcd' },
        '0x',
      ],
    ])
    const other = openSessionWithQuote.call({ quote, ...terms, deposit: eth(1) })
    expect(() => other.prepare(chainWith())).toThrow(TokenMismatchError)
  })

  test.each([
    [
      usdc(2),
      [
        ['usdc', 'approve', market, 2_000_000n],
        ['marketplace', 'depositPrepaid', usdcToken, 2_000_000n],
      ],
    ],
    [eth(1), [['marketplace', 'depositPrepaid', zeroAddress, 10n ** 18n, { value: 10n ** 18n }]]],
  ])('a prepaid deposit of %o', async (amount, expected) => {
    expect(await callsOf(depositPrepaid.call({ amount }))).toEqual(expected)
  })
})

const work = parseAbiParameters('bytes32, bytes')
const proven = parseAbiParameters('uint256[], bytes')
const attestation = encodeAbiParameters(work, [transcriptHash, '0x'])
const proof = { instances: [1n, 2n], proof: '0x55' } as const

describe('calls', () => {
  test.each([
    [timeoutSession.call({ sessionId }), 'triggerSessionTimeout', 3n],
    [claimAbandonedSession.call({ sessionId }), 'claimAbandonedSession', 3n],
    [settleMany.call({ sessionIds: [3n, 4n] }), 'settleMany', [3n, 4n]],
    [setCoSigner.call({ sessionId, coSigner }), 'setCoSigner', 3n, coSigner],
    [setDefaultCoSigner.call({ coSigner }), 'setDefaultCoSigner', coSigner],
    [decideWork.call({ sessionId, worked: false }), 'decideAttestedWork', 3n, false],
    [
      submitWork.call({ sessionId, tokens: 500n, transcriptHash }),
      'submitProofOfWork',
      3n,
      attestation,
      500n,
    ],
    [
      submitWorkMany.call({ work: [{ sessionId, tokens: 5n, transcriptHash }] }),
      'submitBatchProofs',
      [3n],
      [attestation],
      [5n],
    ],
    [
      completeSessionWithFinal.call({
        final: { sessionId, cumulativeTokens: 9n, signature: '0x12' },
      }),
      'completeSessionWithFinal',
      3n,
      9n,
      '0x12',
    ],
  ])('%#: $1', async (call, ...expected) => {
    expect(await callsOf(call)).toEqual([['marketplace', ...expected]])
  })

  test('a proof of work goes with its public inputs', async () => {
    const call = settleWithProof.call({ sessionId, tokens: 240n, proof })
    const [[, name, id, bytes, tokens] = []] = await callsOf(call)
    expect([name, id, tokens]).toEqual(['claimWithProof', 3n, 240n])
    expect(decodeAbiParameters(proven, bytes as `0x${string}`)).toEqual([[1n, 2n], '0x55'])
  })

  test('many vouchers go one by one, so that a count which grew meanwhile changes none', async () => {
    const vouchers = [voucher(3n, 500n), voucher(4n, 900n)]
    expect(await callsOf(checkpointMany.call({ vouchers }))).toEqual([
      ['marketplace', 'submitCheckpoint', 3n, 500n, transcriptHash, '0x1234'],
      ['marketplace', 'submitCheckpoint', 4n, 900n, transcriptHash, '0x1234'],
    ])
  })

  describe('challenging work worth 1,000', () => {
    const details = {
      renter: me,
      host,
      token: contracts.usdc,
      coSigner,
      deposit: 1n,
      pricePer1000: 1n,
      provenTokens: 0n,
      proofInterval: 1n,
      startedAt: 0n,
      maxDuration: 0n,
      closesAt: 0n,
      protocolBps: 0n,
      stakersBps: 0n,
      status: 1,
      model: zeroHash,
      proofMode: 1,
      closingWindow: 0n,
      settledAt: 0n,
    }
    const attestedWork = { tokens: 1n, maturesAt: 9n, value: 1099n, bond: 0n, challenged: false }
    const prepared = (withdrawable: bigint) =>
      callsOf(
        challengeWork.call({ sessionId }),
        chainWith({ marketplace: { getSessionDetails: details, attestedWork, withdrawable } }),
      )
    const challenge = ['marketplace', 'challengeAttestedWork', 3n]

    test('takes the bond out of what is owed when that is enough', async () => {
      expect(await prepared(10n)).toEqual([challenge])
    })

    test('approves it otherwise, rounded down like the contract', async () => {
      expect(await prepared(9n)).toEqual([['usdc', 'approve', market, 10n], challenge])
    })
  })
})

describe('events', () => {
  const settled = { host: 1n, renter: 2n, protocol: 3n, stakers: 4n }
  test.each([
    [timeoutSession, 'SessionSettled', { jobId: 3n, ...settled }, { sessionId, ...settled }],
    [claimAbandonedSession, 'SessionSettled', { jobId: 3n, ...settled }, { sessionId, ...settled }],
    [settleWithProof, 'SessionSettled', { jobId: 3n, ...settled }, { sessionId, ...settled }],
    [
      completeSessionWithFinal,
      'SessionSettled',
      { jobId: 3n, ...settled },
      { sessionId, ...settled },
    ],
    [
      setCoSigner,
      'SessionCoSignerChanging',
      { jobId: 3n, coSigner, effectiveAt: 9n },
      { sessionId, coSigner, effectiveAt: 9n },
    ],
    [
      setDefaultCoSigner,
      'DefaultCoSignerSet',
      { account: me, coSigner },
      { account: me, coSigner },
    ],
    [
      challengeWork,
      'SessionWorkChallenged',
      { jobId: 3n, cumulativeTokens: 5n, bond: 1n, decideBy: 9n },
      { sessionId, cumulativeTokens: 5n, bond: 1n, decideBy: 9n },
    ],
    [decideWork, 'SessionWorkDecided', { jobId: 3n, worked: true }, { sessionId, worked: true }],
    [
      depositPrepaid,
      'PrepaidDeposited',
      { account: me, token: usdcToken, amount: 1n },
      { account: me, token: usdcToken, amount: 1n },
    ],
    [
      submitWork,
      'SessionWorkAttested',
      { jobId: 3n, cumulativeTokens: 5n, transcriptHash, maturesAt: 9n },
      { sessionId, cumulativeTokens: 5n, transcriptHash, maturesAt: 9n },
    ],
    [
      submitWork,
      'SessionCheckpointed',
      { jobId: 3n, cumulativeTokens: 5n, transcriptHash },
      { sessionId, cumulativeTokens: 5n, transcriptHash },
    ],
  ])('%#: $1', (action, eventName, args, expected) => {
    expect(action.extractEvent([logOf('marketplace', eventName, args)])).toEqual(expected)
  })

  const checkpointed = (jobId: bigint, cumulativeTokens: bigint) =>
    logOf('marketplace', 'SessionCheckpointed', { jobId, cumulativeTokens, transcriptHash })
  const settlement = (jobId: bigint) =>
    logOf('marketplace', 'SessionSettled', { jobId, ...settled })

  test('the checkpoint of a settlement is not taken for one of the batch', () => {
    const logs = [checkpointed(3n, 9n), settlement(3n), checkpointed(4n, 5n)]
    const { rest } = settleSession.call({ sessionId, voucher: voucher(3n, 9n) }).takeEvent(logs)
    const { event } = checkpointMany.call({ vouchers: [voucher(4n, 5n)] }).takeEvent(rest)
    expect(event.checkpoints).toEqual([{ sessionId: 4n, cumulativeTokens: 5n, transcriptHash }])
  })

  test('settling many gives each session, and leaves those of other actions', () => {
    const logs = [settlement(3n), settlement(9n), settlement(4n)]
    const { event, rest } = settleMany.call({ sessionIds: [3n, 4n] }).takeEvent(logs)
    expect(event.sessions.map(({ sessionId: id }) => id)).toEqual([3n, 4n])
    expect(rest).toEqual([settlement(9n)])
  })

  test('many batches of work, proven and attested', () => {
    const attested = logOf('marketplace', 'SessionWorkAttested', {
      jobId: 4n,
      cumulativeTokens: 8n,
      transcriptHash,
      maturesAt: 9n,
    })
    expect(submitWorkMany.extractEvent([checkpointed(3n, 5n), attested])).toEqual({
      work: [
        { sessionId: 3n, cumulativeTokens: 5n, transcriptHash },
        { sessionId: 4n, cumulativeTokens: 8n, transcriptHash, maturesAt: 9n },
      ],
    })
  })
})
