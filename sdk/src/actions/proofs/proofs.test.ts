import { decodeAbiParameters, getAddress, pad, parseAbiParameters, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { challengeProof } from './challengeProof.ts'
import { expireChallenge } from './expireChallenge.ts'
import { encodeEzklProof } from './ezklProof.ts'
import { getChallenge } from './getChallenge.ts'
import { getCircuit } from './getCircuit.ts'
import { resolveChallenge } from './resolveChallenge.ts'
import { revealEvidence } from './revealEvidence.ts'
import { submitProof } from './submitProof.ts'
import { verifyProof } from './verifyProof.ts'
import { verifyProofMany } from './verifyProofMany.ts'
import { withdrawBond } from './withdrawBond.ts'

const word = pad('0x01')
const salt = pad('0x5a')
const proof = {
  instances: [1n, 2n],
  proof: '0x1234',
  vk: word,
  modelCommitment: word,
  inputHash: word,
  outputHash: word,
} as const

test('a proof is encoded as the struct of the contract', () => {
  const [decoded] = decodeAbiParameters(
    parseAbiParameters([
      'EZKLProof proof',
      'struct EZKLProof { uint256[] instances; bytes proof; bytes32 vk; bytes32 modelCommitment; bytes32 inputHash; bytes32 outputHash; }',
    ]),
    encodeEzklProof(proof),
  )
  expect(decoded).toEqual(proof)
})

describe('calls', () => {
  test.each([
    [submitProof.call({ jobId: 7n, proof }), 'submitProof', 7n, proof],
    [verifyProof.call({ jobId: 7n, proof }), 'verifyProof', 7n, proof],
    [verifyProofMany.call({ proofs: [{ jobId: 7n, proof }] }), 'batchVerifyProofs', [7n], [proof]],
    [
      revealEvidence.call({ challengeId: 2n, evidenceCid: 'bafy', salt }),
      'revealEvidence',
      2n,
      'bafy',
      salt,
    ],
    [resolveChallenge.call({ challengeId: 2n, upheld: true }), 'resolveChallenge', 2n, true],
    [expireChallenge.call({ challengeId: 2n }), 'expireChallenge', 2n],
    [withdrawBond.call(), 'withdrawBond'],
  ])('%#: $1', async (call, ...expected) => {
    expect(await callsOf(call)).toEqual([['proofSystem', ...expected]])
  })

  test('a challenge commits to its evidence, and approves exactly the bond', async () => {
    const chain = chainWith({ proofSystem: { challengeBond: 10n, evidenceHashOf: word } })
    const call = challengeProof.call({ jobId: 7n, evidenceCid: 'bafy', salt })
    expect(await callsOf(call, chain)).toEqual([
      ['fab', 'approve', getAddress(contracts.proofSystem), 10n],
      ['proofSystem', 'challengeProof', 7n, word, 10n],
    ])
    expect((await call.prepare(chain)).spends).toEqual([{ token: contracts.fab, amount: 10n }])
  })
})

describe('events', () => {
  const submitted = { jobId: 7n, host: me, proofHash: word, inputHash: word, outputHash: word }
  const challenged = {
    challengeId: 2n,
    jobId: 7n,
    challenger: me,
    evidenceHash: word,
    revealBy: 8n,
    resolveBy: 9n,
  }
  const closed = { challengeId: 2n, jobId: 7n, bondTo: me, bond: 10n, slashed: 5n }
  test.each([
    [submitProof, 'ProofSubmitted', submitted, submitted],
    [verifyProof, 'ProofVerified', { jobId: 7n, host: me }, { jobId: 7n, host: me, valid: true }],
    [verifyProof, 'ProofInvalid', { jobId: 7n, host: me }, { jobId: 7n, host: me, valid: false }],
    [challengeProof, 'ProofChallenged', challenged, challenged],
    [
      revealEvidence,
      'EvidenceRevealed',
      { challengeId: 2n, evidenceCID: 'bafy' },
      { challengeId: 2n, evidenceCid: 'bafy' },
    ],
    [
      resolveChallenge,
      'ChallengeClosed',
      { ...closed, outcome: 3 },
      { ...closed, outcome: 'upheld' },
    ],
    [
      expireChallenge,
      'ChallengeClosed',
      { ...closed, outcome: 5 },
      { ...closed, outcome: 'expired' },
    ],
    [withdrawBond, 'BondWithdrawn', { account: me, amount: 1n }, { account: me, amount: 1n }],
  ])('%#: $1', (action, eventName, args, expected) => {
    expect(action.extractEvent([logOf('proofSystem', eventName, args)])).toEqual(expected)
  })

  test('of several proofs, each has its verdict', () => {
    const logs = [
      logOf('proofSystem', 'ProofVerified', { jobId: 7n, host: me }),
      logOf('proofSystem', 'ProofInvalid', { jobId: 8n, host: me }),
    ]
    expect(verifyProofMany.extractEvent(logs).proofs).toEqual([
      { jobId: 7n, host: me, valid: true },
      { jobId: 8n, host: me, valid: false },
    ])
  })
})

describe('reads', () => {
  const stored = {
    challenger: me,
    revealBy: 8,
    resolveBy: 9,
    status: 2,
    host: me,
    bond: 10n,
    evidenceHash: word,
    jobId: 7n,
  }

  test('a challenge by the job that it is about', async () => {
    const chain = chainWith({ proofSystem: { challengesOf: [2n, 1n], getChallenge: stored } })
    const expected = { challengeId: 2n, ...stored, status: 'revealed' }
    expect(await getChallenge(chain, { jobId: 7n })).toEqual(expected)
    expect(await getChallenge(chain, { challengeId: 2n })).toEqual(expected)
    const none = { ...stored, status: 0 }
    expect(
      await getChallenge(chainWith({ proofSystem: { getChallenge: none } }), { challengeId: 1n }),
    ).toBeUndefined()
  })

  test('a model without a circuit has none', async () => {
    const getCircuitOf = {
      verifier: zeroAddress,
      count: 0,
      binding: 0,
      inputs: 0,
      outputs: 0,
      vkHash: word,
      modelCommitment: word,
    }
    const chain = chainWith({ proofSystem: { getCircuit: getCircuitOf } })
    expect(await getCircuit(chain, { model: 'm' })).toBeUndefined()
  })
})
