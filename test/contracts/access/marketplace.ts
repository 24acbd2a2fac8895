import { encodeAbiParameters, toFunctionSelector } from 'viem'
import {
  type Case,
  day,
  eth,
  governed,
  hour,
  nobody,
  only,
  open,
  type Rules,
  type Scene,
  someone,
  upgradeable,
  zero,
} from './rules.ts'

const hostOfJob = only('host')
const renterOfJob = only('renter')
const guardian = only('emergencyGuardian', 'timelock')
const createJob = toFunctionSelector('createJob(string,bytes32,uint256,uint256)')

const ofJob =
  (job: keyof Scene['jobs'], ...rest: readonly unknown[]): NonNullable<Case['args']> =>
  ({ jobs }) => [jobs[job], ...rest]
const ofEscrow =
  (job: keyof Scene['jobs'], ...rest: readonly unknown[]): NonNullable<Case['args']> =>
  ({ jobs }) => [`0x${jobs[job].toString(16).padStart(64, '0')}`, ...rest]
const ofSession =
  (session: keyof Scene['sessions'], ...rest: readonly unknown[]): NonNullable<Case['args']> =>
  ({ sessions }) => [sessions[session], ...rest]

const price: NonNullable<Case['value']> = (scene) => scene.price
const bond: NonNullable<Case['value']> = (scene) => scene.price / 100n
const details = {
  modelId: 'llama-70b',
  prompt: 'bafkprompt',
  maxTokens: 100n,
  temperature: 700n,
  seed: 1n,
  resultFormat: 'text',
}
const requirements = {
  minGPUMemory: 0n,
  minReputationScore: 0n,
  maxTimeToComplete: 3_600n,
  requiresProof: false,
}
const session = ({ addresses, price: deposit }: Scene, token = eth) => ({
  host: addresses.host,
  token,
  deposit,
  pricePer1000: deposit / 10n,
  maxDuration: 86_400n,
  proofInterval: 100n,
  coSigner: addresses.sessionKey,
  model: zero,
  proofMode: 0,
})
/** Of a co-signed batch over 1,000 tokens. */
const coSigned = ({ voucher }: Scene) =>
  encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes' }], [zero, voucher])
const attested = encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes' }], [zero, '0x'])

const jobs: Rules = {
  postJob: open('pays for a job of its own', {
    args: (scene) => [details, requirements, scene.price],
    value: price,
  }),
  postJobWithToken: open('pays for a job of its own', {
    args: ({ usdc }) => [details, requirements, usdc, 1_000_000n],
    ends: ['ERC20InsufficientAllowance'],
  }),
  createJob: open('pays for a job of its own', {
    args: (scene) => ['llama-70b', zero, scene.price, scene.now + 86_400n],
    value: price,
  }),
  claimJob: only('host', 'otherHost')(['MarketplaceHostNotActive', 'MarketplaceSelfDealing'], {
    note: 'active hosts that accept work, but not the renter',
    args: ofJob('posted'),
  }),
  abandonClaim: hostOfJob('JobNotHost', { args: ofJob('claimed') }),
  completeJob: hostOfJob('JobNotHost', { args: ofJob('claimed', 'bafkresult', '0x') }),
  submitResult: hostOfJob('JobNotHost', { args: ofJob('claimed', 'bafkresult') }),
  rejectResult: only('proofSystem')('JobNotProofSystem', { args: ofJob('submitted') }),
  releasePayment: renterOfJob('JobNotRenter', { args: ofJob('submitted') }),
  releaseEscrow: renterOfJob('JobNotRenter', { args: ofEscrow('submitted') }),
  'autoRelease(uint256)': open('after the review window', {
    args: ofJob('submitted'),
    later: 2 * day,
  }),
  'autoRelease(bytes32)': open('after the review window', {
    args: ofEscrow('submitted'),
    later: 2 * day,
  }),
  cancelJob: renterOfJob('JobNotRenter', { args: ofJob('posted') }),
  claimExpired: open('after the deadline, for the renter', {
    args: ofJob('claimed'),
    later: 2 * day,
  }),
  disputeResult: renterOfJob('JobNotRenter', { args: ofJob('submitted'), value: bond }),
  disputeEscrow: renterOfJob('JobNotRenter', { args: ofEscrow('submitted'), value: bond }),
  resolveDispute: only('arbiter')('EscrowNotArbiter', {
    args: (scene) => [...ofEscrow('disputed')(scene, eth), scene.addresses.host],
  }),
  resolveStale: open('after the arbiter’s time, half and half', {
    args: ofEscrow('disputed'),
    later: 8 * day,
  }),
}

const sessions: Rules = {
  createSession: open('pays for a session of its own', {
    args: (scene) => [session(scene)],
    value: price,
    ends: ['MarketplaceSelfDealing'],
  }),
  createSessionWithQuote: open('pays for a session of its own', {
    args: (scene) => [session(scene), { renter: eth, expiry: 0n, signature: '0x' }, '0x'],
    value: price,
    ends: ['MarketplaceSelfDealing'],
  }),
  'createSessionWithQuote: for one renter': only('renter')('SessionQuoteForAnother', {
    note: 'with the host’s signature',
    args: (scene) => [
      session(scene),
      { renter: scene.addresses.renter, expiry: scene.now + 86_400n, signature: scene.final },
      '0x',
    ],
    value: price,
    ends: ['SessionBadQuote'],
  }),
  createSessionFromDeposit: open('pays from what the caller is owed', {
    args: (scene) => [session(scene)],
    ends: ['MarketplaceBalanceTooLow', 'MarketplaceSelfDealing'],
  }),
  createSessionJob: open('pays for a session of its own', {
    args: (scene) => [scene.addresses.host, scene.price, scene.price / 10_000n, 86_400n, 100n],
    value: price,
    ends: ['MarketplaceSelfDealing', 'SessionCoSignerRequired'],
  }),
  createSessionJobWithToken: open('pays for a session of its own', {
    args: ({ addresses, usdc }) => [addresses.host, usdc, 1_000_000n, 100n, 86_400n, 100n],
    ends: ['ERC20InsufficientAllowance', 'MarketplaceSelfDealing', 'SessionCoSignerRequired'],
  }),
  setDefaultCoSigner: open('of the caller'),
  setCoSigner: renterOfJob('SessionNotRenter', { args: ofSession('active', someone) }),
  submitCheckpoint: open('carries the co-signer’s signature', {
    args: (scene) => [scene.sessions.active, 1_000n, zero, scene.voucher],
  }),
  submitProofOfWork: open('carries the co-signer’s signature or a proof', {
    args: (scene) => [scene.sessions.active, coSigned(scene), 1_000n],
  }),
  'submitProofOfWork: attested': hostOfJob('SessionNotHost', {
    args: ofSession('attested', attested, 100n),
  }),
  submitBatchProofs: open('carries the co-signer’s signature or a proof', {
    args: (scene) => [[scene.sessions.active], [coSigned(scene)], [1_000n]],
  }),
  'submitBatchProofs: attested': hostOfJob('SessionNotHost', {
    args: ({ sessions: { attested: id } }) => [[id], [attested], [100n]],
  }),
  settleSession: hostOfJob('SessionNotHost', { args: ofSession('active') }),
  settleMany: hostOfJob('SessionNotHost', { args: ({ sessions: { active } }) => [[active]] }),
  settleSessionWithVoucher: hostOfJob('SessionNotHost', {
    args: (scene) => [scene.sessions.active, 1_000n, zero, scene.voucher],
  }),
  claimAbandonedSession: hostOfJob('SessionNotHost', { args: ofSession('active') }),
  claimWithProof: hostOfJob('SessionNotHost', {
    args: (scene) => [scene.sessions.active, coSigned(scene), 1_000n],
  }),
  completeSessionJob: renterOfJob('SessionNotRenter', { args: ofSession('active') }),
  completeSessionWithFinal: renterOfJob('SessionNotRenter', {
    note: 'with the host’s signature',
    args: (scene) => [scene.sessions.active, 1_000n, scene.final],
  }),
  finalizeSession: open('after the closing window', {
    args: ofSession('closing'),
    later: 2 * hour,
  }),
  triggerSessionTimeout: open('two hours after the end', {
    args: ofSession('active'),
    later: 2 * day,
  }),
  challengeAttestedWork: renterOfJob('SessionNotRenter', {
    args: ofSession('attested'),
    value: (scene) => scene.attestedBond,
  }),
  decideAttestedWork: only('arbiter')('SessionNotArbiter', {
    args: ofSession('challenged', true),
  }),
}

const money: Rules = {
  depositPrepaid: open('pays for itself', {
    args: (scene) => [eth, scene.price],
    value: price,
  }),
  'withdraw(address)': open('what the caller is owed', {
    args: () => [eth],
    ends: ['MarketplaceNothingToWithdraw'],
  }),
  'withdraw(address,address)': open('what the caller is owed', {
    args: () => [eth, someone],
    ends: ['MarketplaceNothingToWithdraw'],
  }),
  withdrawAll: open('what the caller is owed', { args: () => [[eth]] }),
  distributeFees: open('to treasury and stakers', { args: () => [eth] }),
  sweepSurplus: governed(() => [eth, someone], { note: 'what is above all that is owed' }),
}

const breaker: Rules = {
  emergencyPause: guardian('BreakerNotGuardian'),
  unpause: guardian('BreakerNotGuardian', { ends: ['BreakerNotPaused'] }),
  setCircuitBreakerLevel: guardian('BreakerNotGuardian'),
  'pauseFunction(bytes4)': guardian('BreakerNotGuardian', { args: () => [createJob] }),
  'pauseFunction(string)': guardian('BreakerNotGuardian', { args: () => ['createJob'] }),
  'unpauseFunction(bytes4)': guardian('BreakerNotGuardian', {
    args: () => [createJob],
    ends: ['BreakerNotPaused'],
  }),
  'unpauseFunction(string)': guardian('BreakerNotGuardian', {
    args: () => ['createJob'],
    ends: ['BreakerNotPaused'],
  }),
}

const settings: Rules = {
  setAcceptedToken: governed(({ fab }) => [fab, true]),
  setArbiter: governed(),
  setBonusReputation: governed(() => [150n]),
  setClosingWindow: governed(() => [3_600n]),
  setDisputeTerms: governed(() => [100n, 604_800n]),
  setFailureRules: governed(() => [10n, 3_600n, 3_600n]),
  setFees: governed(() => [1_000n, 500n]),
  setGuardian: governed(),
  setMaxPending: governed(() => [eth, 1n]),
  setProofSystem: governed(),
  setRateLimit: governed(() => [createJob, 10n, 3_600n]),
  setReputation: governed(),
  setReviewWindow: governed(() => [7_200n]),
  setSponsorPaymaster: governed(),
  setStakers: governed(),
  setTokenLimits: governed(() => [eth, 1_000n, 2_000n]),
  setTreasury: governed(),
}

export const marketplace = {
  JobMarketplace: {
    ...upgradeable('JobMarketplace'),
    receive: nobody('ETH comes with a function only', 'no reason'),
    ...jobs,
    ...sessions,
    ...money,
    ...breaker,
    ...settings,
  },
} satisfies Record<string, Rules>
