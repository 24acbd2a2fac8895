import { parseEther } from 'viem'
import {
  type Case,
  day,
  eth,
  governed,
  nobody,
  only,
  open,
  type Rules,
  type Scene,
  someone,
  upgradeable,
  zero,
} from './rules.ts'

const node: NonNullable<Case['args']> = ({ addresses }) => [addresses.otherHost]
const fab = parseEther('1')
const hosts = only('host', 'otherHost')
const payer = only('controller')

const registry: Rules = {
  ...upgradeable('NodeRegistry'),
  registerNode: open('registers the caller', {
    ends: ['ERC20InsufficientAllowance', 'NodeRegistryAlreadyRegistered'],
  }),
  registerControlledNode: open('pays for another that has to accept', {
    ends: ['ERC20InsufficientAllowance'],
  }),
  acceptControl: open('an offer to the caller', {
    args: ({ addresses }) => [addresses.controller],
    ends: ['NodeRegistryNoControlPending'],
  }),
  cancelControlledNode: open('an offer of the caller', {
    args: node,
    ends: ['NodeRegistryNoControlPending'],
  }),
  stake: only('host')(['NodeRegistryNotRegistered', 'NodeRegistryNotPayer'], {
    note: 'nodes that paid for themselves',
    args: () => [fab],
  }),
  stakeControlled: payer('NodeRegistryNotPayer', {
    note: 'who paid for the node',
    args: ({ addresses }) => [addresses.otherHost, fab],
  }),
  requestUnstake: only('host')(['NodeRegistryNotRegistered', 'NodeRegistryNotPayer'], {
    note: 'nodes that paid for themselves',
    args: () => [fab],
  }),
  requestUnstakeControlled: payer('NodeRegistryNotPayer', {
    note: 'who paid for the node',
    args: ({ addresses }) => [addresses.otherHost, fab],
  }),
  withdrawUnstaked: open('of the caller’s node, to who paid', {
    ends: ['NodeRegistryNothingUnbonding'],
  }),
  withdrawControlled: payer('NodeRegistryNotPayer', {
    note: 'who paid for the node',
    args: node,
    ends: ['NodeRegistryNothingUnbonding'],
  }),
  unregisterNode: hosts('NodeRegistryNotRegistered', { note: 'the node itself' }),
  unregisterControlledNode: payer('NodeRegistryNotPayer', {
    note: 'who paid for the node',
    args: node,
  }),
  updateMetadata: hosts('NodeRegistryNotRegistered', { note: 'the node itself' }),
  setAccepting: hosts('NodeRegistryNotRegistered', { note: 'the node itself' }),
  setModels: hosts('NodeRegistryNotRegistered', { note: 'the node itself' }),
  setPrice: hosts('NodeRegistryNotRegistered', { note: 'the node itself' }),
  setMaxSessions: hosts('NodeRegistryNotRegistered', { note: 'the node itself' }),
  slash: only('proofSystem', 'timelock')('NodeRegistryNotSlasher', {
    args: ({ addresses }) => [addresses.host, fab, someone, 'text'],
  }),
  forfeitClaimBond: only('marketplace')('NodeRegistryNotMarketplace', {
    args: ({ addresses }) => [addresses.host, addresses.renter],
  }),
  claimSlashed: open('what the caller was awarded', { ends: ['NodeRegistryNothingToClaim'] }),
  importStake: nobody('the migrator, when the deployment names one', 'NodeRegistryNotMigrator'),
  closeImport: nobody(
    'the migrator or governance, while the import is open',
    'NodeRegistryNotMigrator',
  ),
  setMinimumStake: governed(() => [parseEther('500')]),
  setUnbondingPeriod: governed(() => [604_800n]),
  setJailPeriod: governed(() => [3_600n]),
  setProofSystem: governed(),
}

const reputation: Rules = {
  ...upgradeable('ReputationSystem'),
  recordJobCompletion: only('marketplace', 'proofSystem')('ReputationNotReporter', {
    args: ({ addresses, jobs }) => [addresses.host, jobs.submitted, false],
  }),
  recordSettled: open('what the marketplace says of the job', {
    args: ({ jobs }) => [jobs.released],
    ends: ['ReputationAlreadyRecorded'],
  }),
  rateHost: only('renter')('ReputationNotRenter', {
    note: 'the renter of a paid job',
    args: ({ addresses, jobs }) => [addresses.host, jobs.released, 5n, 'text'],
  }),
  slashReputation: only('proofSystem', 'timelock')('ReputationNotSlasher', {
    args: ({ addresses }) => [addresses.host, 1n, 'text'],
  }),
  importScores: nobody('the migrator, when the deployment names one', 'ReputationNotMigrator'),
  closeImport: nobody(
    'the migrator or governance, while the import is open',
    'ReputationNotMigrator',
  ),
  setMinReputationFee: governed(() => [eth, 1n]),
  setIncentiveThreshold: governed(() => [150n]),
  setProofSystem: governed(),
}

const proof = {
  instances: [],
  proof: '0x',
  vk: zero,
  modelCommitment: zero,
  inputHash: zero,
  outputHash: zero,
}
const ofJob =
  (job: keyof Scene['jobs'], ...rest: readonly unknown[]): NonNullable<Case['args']> =>
  ({ jobs }) => [jobs[job], ...rest]

const proofSystem: Rules = {
  ...upgradeable('ProofSystem'),
  submitProof: only('host')('ProofSystemNotHost', {
    note: 'the host of the job',
    args: ofJob('submitted', proof),
    ends: ['ProofSystemNoCircuit'],
  }),
  verifyProof: open('pays for the computation of what was submitted', {
    args: ofJob('submitted', proof),
    ends: ['ProofSystemWrongStatus'],
  }),
  batchVerifyProofs: open('pays for the computation of what was submitted'),
  submitAndVerify: only('marketplace')('ProofSystemNotMarketplace', {
    args: ({ addresses, jobs }) => [jobs.submitted, addresses.host, '0x'],
    ends: ['no reason'],
  }),
  verifySession: only('marketplace')('ProofSystemNotMarketplace', {
    args: ({ addresses, sessions }) => [sessions.active, addresses.host, zero, 1n, '0x'],
    ends: ['no reason'],
  }),
  challengeProof: only('renter', 'otherHost')('ChallengeNotParty', {
    note: 'the renter, and active nodes that the host has nothing to do with',
    args: ofJob('submitted', zero, parseEther('10')),
  }),
  revealEvidence: open('carries what the challenger committed to', {
    args: ({ challenge }) => [challenge, 'text', zero],
    ends: ['ChallengeWrongStatus'],
  }),
  resolveChallenge: only('arbiter')('ChallengeNotResolver', {
    note: 'resolvers that are no party',
    args: ({ challenge }) => [challenge, true],
  }),
  expireChallenge: open('after its time', {
    args: ({ challenge }) => [challenge],
    later: 5 * day,
  }),
  withdrawBond: open('what the caller is owed', { ends: ['ChallengeNoBond'] }),
  registerCircuit: governed(undefined, { ends: ['ProofSystemNoCircuit'] }),
  removeCircuit: governed(undefined, { ends: ['ProofSystemNoCircuit'] }),
  setResolver: governed(),
  setChallengeBond: governed(() => [fab]),
  setChallengeSlash: governed(() => [fab]),
  setChallengeWindow: governed(() => [3_600n]),
  setRevealWindow: governed(() => [3_600n]),
  setResolverWindow: governed(() => [3_600n]),
}

export const hostContracts = {
  NodeRegistry: registry,
  ReputationSystem: reputation,
  ProofSystem: proofSystem,
  EzklVerifier: {},
} satisfies Record<string, Rules>
