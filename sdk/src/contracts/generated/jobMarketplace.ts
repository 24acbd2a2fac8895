import type { jobMarketplaceAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof jobMarketplaceAbi

export const ArbiterSet: AbiText<AbiItem<Abi, 'ArbiterSet'>> = [
  'event ArbiterSet(address indexed arbiter)',
]

export const BonusReputationSet: AbiText<AbiItem<Abi, 'BonusReputationSet'>> = [
  'event BonusReputationSet(uint256 bonusReputation)',
]

export const CircuitBreakerLevelSet: AbiText<AbiItem<Abi, 'CircuitBreakerLevelSet'>> = [
  'event CircuitBreakerLevelSet(uint8 level, uint256 until)',
]

export const ClosingWindowSet: AbiText<AbiItem<Abi, 'ClosingWindowSet'>> = [
  'event ClosingWindowSet(uint256 window)',
]

export const DefaultCoSignerSet: AbiText<AbiItem<Abi, 'DefaultCoSignerSet'>> = [
  'event DefaultCoSignerSet(address indexed account, address coSigner)',
]

export const DisputeTermsSet: AbiText<AbiItem<Abi, 'DisputeTermsSet'>> = [
  'event DisputeTermsSet(uint256 bondBps, uint256 arbiterWindow)',
]

export const EIP712DomainChanged: AbiText<AbiItem<Abi, 'EIP712DomainChanged'>> = [
  'event EIP712DomainChanged()',
]

export const EmergencyPaused: AbiText<AbiItem<Abi, 'EmergencyPaused'>> = [
  'event EmergencyPaused(address indexed by, string reason, uint256 until)',
]

export const EmergencyUnpaused: AbiText<AbiItem<Abi, 'EmergencyUnpaused'>> = [
  'event EmergencyUnpaused(address indexed by)',
]

export const EscrowDisputed: AbiText<AbiItem<Abi, 'EscrowDisputed'>> = [
  'event EscrowDisputed(bytes32 indexed escrowId, address indexed by, uint256 bond, uint256 resolveBy)',
]

export const EscrowResolved: AbiText<AbiItem<Abi, 'EscrowResolved'>> = [
  'event EscrowResolved(bytes32 indexed escrowId, address indexed winner, uint256 toHost, uint256 toRenter)',
]

export const FailureRulesSet: AbiText<AbiItem<Abi, 'FailureRulesSet'>> = [
  'event FailureRulesSet(uint256 threshold, uint256 window, uint256 period)',
]

export const FeesDistributed: AbiText<AbiItem<Abi, 'FeesDistributed'>> = [
  'event FeesDistributed(address indexed token, uint256 protocol, uint256 stakers)',
]

export const FeesSet: AbiText<AbiItem<Abi, 'FeesSet'>> = [
  'event FeesSet(uint256 protocolBps, uint256 stakersBps)',
]

export const FunctionPaused: AbiText<AbiItem<Abi, 'FunctionPaused'>> = [
  'event FunctionPaused(bytes4 indexed selector, bool paused)',
]

export const GuardianSet: AbiText<AbiItem<Abi, 'GuardianSet'>> = [
  'event GuardianSet(address indexed guardian)',
]

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const JobAbandoned: AbiText<AbiItem<Abi, 'JobAbandoned'>> = [
  'event JobAbandoned(uint256 indexed jobId, address indexed host, uint256 forfeitedBond)',
]

export const JobCancelled: AbiText<AbiItem<Abi, 'JobCancelled'>> = [
  'event JobCancelled(uint256 indexed jobId, uint256 refund)',
]

export const JobClaimed: AbiText<AbiItem<Abi, 'JobClaimed'>> = [
  'event JobClaimed(uint256 indexed jobId, address indexed host)',
]

export const JobCompleted: AbiText<AbiItem<Abi, 'JobCompleted'>> = [
  'event JobCompleted(uint256 indexed jobId, string resultCID)',
]

export const JobCreated: AbiText<AbiItem<Abi, 'JobCreated'>> = [
  'event JobCreated(uint256 indexed jobId, address indexed renter, string modelId, string prompt, uint256 payment)',
]

export const JobExpired: AbiText<AbiItem<Abi, 'JobExpired'>> = [
  'event JobExpired(uint256 indexed jobId, uint256 refund)',
]

export const JobFailed: AbiText<AbiItem<Abi, 'JobFailed'>> = [
  'event JobFailed(uint256 indexed jobId, address indexed host, address indexed controller)',
]

export const JobPosted: AbiText<AbiItem<Abi, 'JobPosted'>> = [
  'event JobPosted(uint256 indexed jobId, address indexed renter, address token, uint256 payment, string modelId, uint256 deadline)',
]

export const MaxPendingSet: AbiText<AbiItem<Abi, 'MaxPendingSet'>> = [
  'event MaxPendingSet(address indexed token, uint256 maximum)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
]

export const PaymentReleased: AbiText<AbiItem<Abi, 'PaymentReleased'>> = [
  'event PaymentReleased(uint256 indexed jobId, address indexed host, uint256 hostAmount, uint256 protocol, uint256 stakers)',
]

export const PrepaidDeposited: AbiText<AbiItem<Abi, 'PrepaidDeposited'>> = [
  'event PrepaidDeposited(address indexed account, address indexed token, uint256 amount)',
]

export const PrepaidSpent: AbiText<AbiItem<Abi, 'PrepaidSpent'>> = [
  'event PrepaidSpent(address indexed account, address indexed token, uint256 amount)',
]

export const ProofSystemSet: AbiText<AbiItem<Abi, 'ProofSystemSet'>> = [
  'event ProofSystemSet(address indexed proofSystem)',
]

export const RateLimitSet: AbiText<AbiItem<Abi, 'RateLimitSet'>> = [
  'event RateLimitSet(bytes4 indexed selector, uint256 burst, uint256 window)',
]

export const ReputationSet: AbiText<AbiItem<Abi, 'ReputationSet'>> = [
  'event ReputationSet(address indexed reputation)',
]

export const ReviewWindowSet: AbiText<AbiItem<Abi, 'ReviewWindowSet'>> = [
  'event ReviewWindowSet(uint256 reviewWindow)',
]

export const SessionCheckpointed: AbiText<AbiItem<Abi, 'SessionCheckpointed'>> = [
  'event SessionCheckpointed(uint256 indexed jobId, uint256 cumulativeTokens, bytes32 transcriptHash)',
]

export const SessionClosing: AbiText<AbiItem<Abi, 'SessionClosing'>> = [
  'event SessionClosing(uint256 indexed jobId, uint256 closesAt)',
]

export const SessionCoSignerChanging: AbiText<AbiItem<Abi, 'SessionCoSignerChanging'>> = [
  'event SessionCoSignerChanging(uint256 indexed jobId, address coSigner, uint256 effectiveAt)',
]

export const SessionJobCreated: AbiText<AbiItem<Abi, 'SessionJobCreated'>> = [
  'event SessionJobCreated(uint256 indexed jobId, address indexed user, address indexed host, address token, uint256 deposit, uint256 pricePerToken, uint256 maxDuration)',
]

export const SessionModelSet: AbiText<AbiItem<Abi, 'SessionModelSet'>> = [
  'event SessionModelSet(uint256 indexed jobId, bytes32 indexed model, uint8 proofMode)',
]

export const SessionProofRequirementSet: AbiText<AbiItem<Abi, 'SessionProofRequirementSet'>> = [
  'event SessionProofRequirementSet(uint256 indexed jobId, uint256 interval)',
]

export const SessionSettled: AbiText<AbiItem<Abi, 'SessionSettled'>> = [
  'event SessionSettled(uint256 indexed jobId, uint256 host, uint256 renter, uint256 protocol, uint256 stakers)',
]

export const SessionTermsSet: AbiText<AbiItem<Abi, 'SessionTermsSet'>> = [
  'event SessionTermsSet(uint256 indexed jobId, uint256 pricePer1000, address coSigner)',
]

export const SessionWorkAttested: AbiText<AbiItem<Abi, 'SessionWorkAttested'>> = [
  'event SessionWorkAttested(uint256 indexed jobId, uint256 cumulativeTokens, bytes32 transcriptHash, uint256 maturesAt)',
]

export const SessionWorkChallenged: AbiText<AbiItem<Abi, 'SessionWorkChallenged'>> = [
  'event SessionWorkChallenged(uint256 indexed jobId, uint256 cumulativeTokens, uint256 bond, uint256 decideBy)',
]

export const SessionWorkDecided: AbiText<AbiItem<Abi, 'SessionWorkDecided'>> = [
  'event SessionWorkDecided(uint256 indexed jobId, bool worked)',
]

export const SessionWorkDropped: AbiText<AbiItem<Abi, 'SessionWorkDropped'>> = [
  'event SessionWorkDropped(uint256 indexed jobId, uint256 cumulativeTokens)',
]

export const SessionWorkMatured: AbiText<AbiItem<Abi, 'SessionWorkMatured'>> = [
  'event SessionWorkMatured(uint256 indexed jobId, uint256 cumulativeTokens)',
]

export const SponsorPaymasterSet: AbiText<AbiItem<Abi, 'SponsorPaymasterSet'>> = [
  'event SponsorPaymasterSet(address indexed entryPoint, address indexed paymaster)',
]

export const StakersSet: AbiText<AbiItem<Abi, 'StakersSet'>> = [
  'event StakersSet(address indexed stakers)',
]

export const SurplusSwept: AbiText<AbiItem<Abi, 'SurplusSwept'>> = [
  'event SurplusSwept(address indexed token, address indexed to, uint256 amount)',
]

export const TokenAccepted: AbiText<AbiItem<Abi, 'TokenAccepted'>> = [
  'event TokenAccepted(address indexed token, bool accepted)',
]

export const TokenLimitsSet: AbiText<AbiItem<Abi, 'TokenLimitsSet'>> = [
  'event TokenLimitsSet(address indexed token, uint256 minimum, uint256 maximum)',
]

export const TreasurySet: AbiText<AbiItem<Abi, 'TreasurySet'>> = [
  'event TreasurySet(address indexed treasury)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() view returns (string)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const Withdrawn: AbiText<AbiItem<Abi, 'Withdrawn'>> = [
  'event Withdrawn(address indexed account, address indexed token, uint256 amount, address to)',
]

export const abandonClaim: AbiText<AbiItem<Abi, 'abandonClaim'>> = [
  'function abandonClaim(uint256 jobId)',
]

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const arbiter: AbiText<AbiItem<Abi, 'arbiter'>> = [
  'function arbiter() view returns (address)',
]

export const attestedWork: AbiText<AbiItem<Abi, 'attestedWork'>> = [
  'function attestedWork(uint256 jobId) view returns ((uint256 tokens, uint256 maturesAt, uint256 value, uint256 bond, bool challenged))',
]

export const autoRelease: AbiText<AbiItem<Abi, 'autoRelease'>> = [
  'function autoRelease(uint256 jobId)',
  'function autoRelease(bytes32 escrowId)',
]

export const bonusReputation: AbiText<AbiItem<Abi, 'bonusReputation'>> = [
  'function bonusReputation() view returns (uint256)',
]

export const calculateCurrentEarnings: AbiText<AbiItem<Abi, 'calculateCurrentEarnings'>> = [
  'function calculateCurrentEarnings(uint256 jobId) view returns (uint256 host)',
]

export const calculatePayment: AbiText<AbiItem<Abi, 'calculatePayment'>> = [
  'function calculatePayment(uint256 jobId) view returns (uint256 host, uint256 protocol, uint256 stakers_)',
]

export const cancelJob: AbiText<AbiItem<Abi, 'cancelJob'>> = [
  'function cancelJob(uint256 jobId)',
]

export const cappedSessions: AbiText<AbiItem<Abi, 'cappedSessions'>> = [
  'function cappedSessions(address host) view returns (uint256)',
]

export const challengeAttestedWork: AbiText<AbiItem<Abi, 'challengeAttestedWork'>> = [
  'function challengeAttestedWork(uint256 jobId) payable',
]

export const checkpointDigest: AbiText<AbiItem<Abi, 'checkpointDigest'>> = [
  'function checkpointDigest(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash) view returns (bytes32)',
]

export const circuitBreakerLevel: AbiText<AbiItem<Abi, 'circuitBreakerLevel'>> = [
  'function circuitBreakerLevel() view returns (uint8 level, uint256 until)',
]

export const claimAbandonedSession: AbiText<AbiItem<Abi, 'claimAbandonedSession'>> = [
  'function claimAbandonedSession(uint256 jobId)',
]

export const claimExpired: AbiText<AbiItem<Abi, 'claimExpired'>> = [
  'function claimExpired(uint256 jobId)',
]

export const claimJob: AbiText<AbiItem<Abi, 'claimJob'>> = [
  'function claimJob(uint256 jobId)',
]

export const claimWithProof: AbiText<AbiItem<Abi, 'claimWithProof'>> = [
  'function claimWithProof(uint256 jobId, bytes proof, uint256 tokensInBatch)',
]

export const closingWindow: AbiText<AbiItem<Abi, 'closingWindow'>> = [
  'function closingWindow() view returns (uint256)',
]

export const completeJob: AbiText<AbiItem<Abi, 'completeJob'>> = [
  'function completeJob(uint256 jobId, string resultCID, bytes proof)',
]

export const completeSessionJob: AbiText<AbiItem<Abi, 'completeSessionJob'>> = [
  'function completeSessionJob(uint256 jobId)',
]

export const completeSessionWithFinal: AbiText<AbiItem<Abi, 'completeSessionWithFinal'>> = [
  'function completeSessionWithFinal(uint256 jobId, uint256 cumulativeTokens, bytes signature)',
]

export const createJob: AbiText<AbiItem<Abi, 'createJob'>> = [
  'function createJob(string modelId, bytes32 inputHash, uint256 maxPrice, uint256 deadline) payable returns (uint256 jobId)',
]

export const createSession: AbiText<AbiItem<Abi, 'createSession'>> = [
  'function createSession((address host, address token, uint256 deposit, uint256 pricePer1000, uint256 maxDuration, uint256 proofInterval, address coSigner, bytes32 model, uint8 proofMode) params) payable returns (uint256 jobId)',
]

export const createSessionFromDeposit: AbiText<AbiItem<Abi, 'createSessionFromDeposit'>> = [
  'function createSessionFromDeposit((address host, address token, uint256 deposit, uint256 pricePer1000, uint256 maxDuration, uint256 proofInterval, address coSigner, bytes32 model, uint8 proofMode) params) returns (uint256 jobId)',
]

export const createSessionJob: AbiText<AbiItem<Abi, 'createSessionJob'>> = [
  'function createSessionJob(address host, uint256 deposit, uint256 pricePerToken, uint256 maxDuration, uint256 proofInterval) payable returns (uint256 jobId)',
]

export const createSessionJobWithToken: AbiText<AbiItem<Abi, 'createSessionJobWithToken'>> = [
  'function createSessionJobWithToken(address host, address token, uint256 deposit, uint256 pricePerToken, uint256 maxDuration, uint256 proofInterval) returns (uint256 jobId)',
]

export const createSessionWithQuote: AbiText<AbiItem<Abi, 'createSessionWithQuote'>> = [
  'function createSessionWithQuote((address host, address token, uint256 deposit, uint256 pricePer1000, uint256 maxDuration, uint256 proofInterval, address coSigner, bytes32 model, uint8 proofMode) params, (address renter, uint256 expiry, bytes signature) quote, bytes permit) payable returns (uint256 jobId)',
]

export const decideAttestedWork: AbiText<AbiItem<Abi, 'decideAttestedWork'>> = [
  'function decideAttestedWork(uint256 jobId, bool worked)',
]

export const defaultCoSigner: AbiText<AbiItem<Abi, 'defaultCoSigner'>> = [
  'function defaultCoSigner(address account) view returns (address)',
]

export const depositPrepaid: AbiText<AbiItem<Abi, 'depositPrepaid'>> = [
  'function depositPrepaid(address token, uint256 amount) payable',
]

export const disputeBond: AbiText<AbiItem<Abi, 'disputeBond'>> = [
  'function disputeBond(uint256 jobId) view returns (uint256)',
]

export const disputeEscrow: AbiText<AbiItem<Abi, 'disputeEscrow'>> = [
  'function disputeEscrow(bytes32 escrowId) payable',
]

export const disputeResult: AbiText<AbiItem<Abi, 'disputeResult'>> = [
  'function disputeResult(uint256 jobId) payable',
]

export const disputeTerms: AbiText<AbiItem<Abi, 'disputeTerms'>> = [
  'function disputeTerms() view returns (uint256 bondBps, uint256 arbiterWindow)',
]

export const distributeFees: AbiText<AbiItem<Abi, 'distributeFees'>> = [
  'function distributeFees(address token)',
]

export const earningsOf: AbiText<AbiItem<Abi, 'earningsOf'>> = [
  'function earningsOf(address host, address token) view returns (uint256)',
]

export const eip712Domain: AbiText<AbiItem<Abi, 'eip712Domain'>> = [
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
]

export const emergencyPause: AbiText<AbiItem<Abi, 'emergencyPause'>> = [
  'function emergencyPause(string reason)',
]

export const escrowIdOf: AbiText<AbiItem<Abi, 'escrowIdOf'>> = [
  'function escrowIdOf(uint256 jobId) pure returns (bytes32)',
]

export const extension: AbiText<AbiItem<Abi, 'extension'>> = [
  'function extension() view returns (address)',
]

export const failureRules: AbiText<AbiItem<Abi, 'failureRules'>> = [
  'function failureRules() view returns (uint256 threshold, uint256 window, uint256 period)',
]

export const feeLedger: AbiText<AbiItem<Abi, 'feeLedger'>> = [
  'function feeLedger(address token) view returns (uint256 protocol, uint256 stakers)',
]

export const fees: AbiText<AbiItem<Abi, 'fees'>> = [
  'function fees() view returns (uint256 protocolBps, uint256 stakersBps)',
]

export const finalDigest: AbiText<AbiItem<Abi, 'finalDigest'>> = [
  'function finalDigest(uint256 jobId, uint256 cumulativeTokens) view returns (bytes32)',
]

export const finalizeSession: AbiText<AbiItem<Abi, 'finalizeSession'>> = [
  'function finalizeSession(uint256 jobId)',
]

export const getActiveSessionsForHost: AbiText<AbiItem<Abi, 'getActiveSessionsForHost'>> = [
  'function getActiveSessionsForHost(address host, uint256 fromJobId, uint256 limit) view returns (uint256[] jobIds, uint256 next)',
]

export const getCircuitBreakerMetrics: AbiText<AbiItem<Abi, 'getCircuitBreakerMetrics'>> = [
  'function getCircuitBreakerMetrics() view returns ((uint256 failures, uint256 successes, uint256 suspicious, uint256 lastIncident))',
]

export const getEscrow: AbiText<AbiItem<Abi, 'getEscrow'>> = [
  'function getEscrow(bytes32 escrowId) view returns ((uint256 jobId, address depositor, address host, address token, uint256 amount, uint256 bond, uint256 resolveBy, uint8 status))',
]

export const getJob: AbiText<AbiItem<Abi, 'getJob'>> = [
  'function getJob(uint256 jobId) view returns ((address renter, address host, address token, uint128 payment, uint48 deadline, uint48 releaseAt, uint8 status, bool requiresProof, bytes32 detailsHash, uint48 submittedAt, uint32 minReputationScore, uint16 protocolBps, uint16 stakersBps))',
]

export const getJobsPage: AbiText<AbiItem<Abi, 'getJobsPage'>> = [
  'function getJobsPage(uint256 from, uint256 limit) view returns (uint256[] ids, (address renter, address host, address token, uint128 payment, uint48 deadline, uint48 releaseAt, uint8 status, bool requiresProof, bytes32 detailsHash, uint48 submittedAt, uint32 minReputationScore, uint16 protocolBps, uint16 stakersBps)[] jobs)',
]

export const getRequiredProofInterval: AbiText<AbiItem<Abi, 'getRequiredProofInterval'>> = [
  'function getRequiredProofInterval(uint256 jobId) view returns (uint256)',
]

export const getSessionDetails: AbiText<AbiItem<Abi, 'getSessionDetails'>> = [
  'function getSessionDetails(uint256 jobId) view returns ((address renter, address host, address token, address coSigner, uint256 deposit, uint256 pricePer1000, uint256 provenTokens, uint256 proofInterval, uint256 startedAt, uint256 maxDuration, uint256 closesAt, uint256 protocolBps, uint256 stakersBps, uint8 status, bytes32 model, uint8 proofMode, uint256 closingWindow, uint256 settledAt) details)',
]

export const guardian: AbiText<AbiItem<Abi, 'guardian'>> = [
  'function guardian() view returns (address)',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address owner_, (address registry, address treasury, address stakers, address proofSystem, address reputation, address arbiter, address guardian) neighbours, (address token, uint256 minimum, uint256 maximum)[] tokens, (address entryPoint, address paymaster)[] paymasters)',
]

export const isFunctionPaused: AbiText<AbiItem<Abi, 'isFunctionPaused'>> = [
  'function isFunctionPaused(bytes4 selector) view returns (bool)',
]

export const jobFacts: AbiText<AbiItem<Abi, 'jobFacts'>> = [
  'function jobFacts(uint256 jobId) view returns ((address renter, address host, address token, uint256 fee, uint256 submittedAt, bool submitted, bool completed) facts)',
]

export const jobRequest: AbiText<AbiItem<Abi, 'jobRequest'>> = [
  'function jobRequest(uint256 jobId) view returns (bytes32 model, bytes32 inputHash)',
]

export const lastJobId: AbiText<AbiItem<Abi, 'lastJobId'>> = [
  'function lastJobId() view returns (uint256)',
]

export const liabilities: AbiText<AbiItem<Abi, 'liabilities'>> = [
  'function liabilities(address token) view returns (uint256)',
]

export const maxPending: AbiText<AbiItem<Abi, 'maxPending'>> = [
  'function maxPending(address token) view returns (uint256)',
]

export const openObligations: AbiText<AbiItem<Abi, 'openObligations'>> = [
  'function openObligations(address host) view returns (uint256)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() view returns (address)',
]

export const paidJobs: AbiText<AbiItem<Abi, 'paidJobs'>> = [
  'function paidJobs(address token) view returns (uint256)',
]

export const pauseFunction: AbiText<AbiItem<Abi, 'pauseFunction'>> = [
  'function pauseFunction(bytes4 selector)',
  'function pauseFunction(string name)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() view returns (address)',
]

export const pendingValue: AbiText<AbiItem<Abi, 'pendingValue'>> = [
  'function pendingValue(address host, address token) view returns (uint256)',
]

export const postJob: AbiText<AbiItem<Abi, 'postJob'>> = [
  'function postJob((string modelId, string prompt, uint256 maxTokens, uint256 temperature, uint256 seed, string resultFormat) details, (uint256 minGPUMemory, uint256 minReputationScore, uint256 maxTimeToComplete, bool requiresProof) requirements, uint256 payment) payable returns (uint256 jobId)',
]

export const postJobWithToken: AbiText<AbiItem<Abi, 'postJobWithToken'>> = [
  'function postJobWithToken((string modelId, string prompt, uint256 maxTokens, uint256 temperature, uint256 seed, string resultFormat) details, (uint256 minGPUMemory, uint256 minReputationScore, uint256 maxTimeToComplete, bool requiresProof) requirements, address token, uint256 amount) returns (uint256 jobId)',
]

export const prepaidBalance: AbiText<AbiItem<Abi, 'prepaidBalance'>> = [
  'function prepaidBalance(address account, address token) view returns (uint256)',
]

export const proofSystem: AbiText<AbiItem<Abi, 'proofSystem'>> = [
  'function proofSystem() view returns (address)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const quoteDigest: AbiText<AbiItem<Abi, 'quoteDigest'>> = [
  'function quoteDigest(address host, address renter, address token, uint256 pricePer1000, bytes32 model, uint256 expiry) view returns (bytes32)',
]

export const quoteSettlement: AbiText<AbiItem<Abi, 'quoteSettlement'>> = [
  'function quoteSettlement(uint256 jobId) view returns (uint256 host, uint256 renter, uint256 protocol, uint256 stakers)',
]

export const rateLimit: AbiText<AbiItem<Abi, 'rateLimit'>> = [
  'function rateLimit(bytes4 selector) view returns (uint256 burst, uint256 window)',
]

export const rateLimitLeft: AbiText<AbiItem<Abi, 'rateLimitLeft'>> = [
  'function rateLimitLeft(address caller, bytes4 selector) view returns (uint256)',
]

export const registry: AbiText<AbiItem<Abi, 'registry'>> = [
  'function registry() view returns (address)',
]

export const rejectResult: AbiText<AbiItem<Abi, 'rejectResult'>> = [
  'function rejectResult(uint256 jobId)',
]

export const releaseEscrow: AbiText<AbiItem<Abi, 'releaseEscrow'>> = [
  'function releaseEscrow(bytes32 escrowId)',
]

export const releasePayment: AbiText<AbiItem<Abi, 'releasePayment'>> = [
  'function releasePayment(uint256 jobId)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const reputation: AbiText<AbiItem<Abi, 'reputation'>> = [
  'function reputation() view returns (address)',
]

export const resolveDispute: AbiText<AbiItem<Abi, 'resolveDispute'>> = [
  'function resolveDispute(bytes32 escrowId, address winner)',
]

export const resolveStale: AbiText<AbiItem<Abi, 'resolveStale'>> = [
  'function resolveStale(bytes32 escrowId)',
]

export const reviewWindow: AbiText<AbiItem<Abi, 'reviewWindow'>> = [
  'function reviewWindow() view returns (uint256)',
]

export const setAcceptedToken: AbiText<AbiItem<Abi, 'setAcceptedToken'>> = [
  'function setAcceptedToken(address token, bool accepted)',
]

export const setArbiter: AbiText<AbiItem<Abi, 'setArbiter'>> = [
  'function setArbiter(address arbiter_)',
]

export const setBonusReputation: AbiText<AbiItem<Abi, 'setBonusReputation'>> = [
  'function setBonusReputation(uint256 bonusReputation_)',
]

export const setCircuitBreakerLevel: AbiText<AbiItem<Abi, 'setCircuitBreakerLevel'>> = [
  'function setCircuitBreakerLevel(uint8 level)',
]

export const setClosingWindow: AbiText<AbiItem<Abi, 'setClosingWindow'>> = [
  'function setClosingWindow(uint256 window)',
]

export const setCoSigner: AbiText<AbiItem<Abi, 'setCoSigner'>> = [
  'function setCoSigner(uint256 jobId, address coSigner)',
]

export const setDefaultCoSigner: AbiText<AbiItem<Abi, 'setDefaultCoSigner'>> = [
  'function setDefaultCoSigner(address coSigner)',
]

export const setDisputeTerms: AbiText<AbiItem<Abi, 'setDisputeTerms'>> = [
  'function setDisputeTerms(uint256 bondBps, uint256 arbiterWindow)',
]

export const setFailureRules: AbiText<AbiItem<Abi, 'setFailureRules'>> = [
  'function setFailureRules(uint256 threshold, uint256 window, uint256 period)',
]

export const setFees: AbiText<AbiItem<Abi, 'setFees'>> = [
  'function setFees(uint256 protocolBps, uint256 stakersBps)',
]

export const setGuardian: AbiText<AbiItem<Abi, 'setGuardian'>> = [
  'function setGuardian(address guardian_)',
]

export const setMaxPending: AbiText<AbiItem<Abi, 'setMaxPending'>> = [
  'function setMaxPending(address token, uint256 maximum)',
]

export const setProofSystem: AbiText<AbiItem<Abi, 'setProofSystem'>> = [
  'function setProofSystem(address proofSystem_)',
]

export const setRateLimit: AbiText<AbiItem<Abi, 'setRateLimit'>> = [
  'function setRateLimit(bytes4 selector, uint256 burst, uint256 window)',
]

export const setReputation: AbiText<AbiItem<Abi, 'setReputation'>> = [
  'function setReputation(address reputation_)',
]

export const setReviewWindow: AbiText<AbiItem<Abi, 'setReviewWindow'>> = [
  'function setReviewWindow(uint256 reviewWindow_)',
]

export const setSponsorPaymaster: AbiText<AbiItem<Abi, 'setSponsorPaymaster'>> = [
  'function setSponsorPaymaster(address entryPoint, address paymaster)',
]

export const setStakers: AbiText<AbiItem<Abi, 'setStakers'>> = [
  'function setStakers(address stakers_)',
]

export const setTokenLimits: AbiText<AbiItem<Abi, 'setTokenLimits'>> = [
  'function setTokenLimits(address token, uint256 minimum, uint256 maximum)',
]

export const setTreasury: AbiText<AbiItem<Abi, 'setTreasury'>> = [
  'function setTreasury(address treasury_)',
]

export const settleMany: AbiText<AbiItem<Abi, 'settleMany'>> = [
  'function settleMany(uint256[] jobIds)',
]

export const settleSession: AbiText<AbiItem<Abi, 'settleSession'>> = [
  'function settleSession(uint256 jobId)',
]

export const settleSessionWithVoucher: AbiText<AbiItem<Abi, 'settleSessionWithVoucher'>> = [
  'function settleSessionWithVoucher(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash, bytes signature)',
]

export const sponsorPaymaster: AbiText<AbiItem<Abi, 'sponsorPaymaster'>> = [
  'function sponsorPaymaster(address entryPoint) view returns (address)',
]

export const stakers: AbiText<AbiItem<Abi, 'stakers'>> = [
  'function stakers() view returns (address)',
]

export const submitBatchProofs: AbiText<AbiItem<Abi, 'submitBatchProofs'>> = [
  'function submitBatchProofs(uint256[] jobIds, bytes[] proofs, uint256[] tokensInBatches)',
]

export const submitCheckpoint: AbiText<AbiItem<Abi, 'submitCheckpoint'>> = [
  'function submitCheckpoint(uint256 jobId, uint256 cumulativeTokens, bytes32 transcriptHash, bytes signature)',
]

export const submitProofOfWork: AbiText<AbiItem<Abi, 'submitProofOfWork'>> = [
  'function submitProofOfWork(uint256 jobId, bytes proof, uint256 tokensInBatch)',
]

export const submitResult: AbiText<AbiItem<Abi, 'submitResult'>> = [
  'function submitResult(uint256 jobId, string resultCID)',
]

export const sweepSurplus: AbiText<AbiItem<Abi, 'sweepSurplus'>> = [
  'function sweepSurplus(address token, address to) returns (uint256 amount)',
]

export const tokenConfig: AbiText<AbiItem<Abi, 'tokenConfig'>> = [
  'function tokenConfig(address token) view returns ((uint8 index, bool accepted, uint128 minDeposit, uint128 maxDeposit))',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address newOwner)',
]

export const treasury: AbiText<AbiItem<Abi, 'treasury'>> = [
  'function treasury() view returns (address)',
]

export const triggerSessionTimeout: AbiText<AbiItem<Abi, 'triggerSessionTimeout'>> = [
  'function triggerSessionTimeout(uint256 jobId)',
]

export const unpause: AbiText<AbiItem<Abi, 'unpause'>> = [
  'function unpause()',
]

export const unpauseFunction: AbiText<AbiItem<Abi, 'unpauseFunction'>> = [
  'function unpauseFunction(bytes4 selector)',
  'function unpauseFunction(string name)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]

export const withdraw: AbiText<AbiItem<Abi, 'withdraw'>> = [
  'function withdraw(address token) returns (uint256 amount)',
  'function withdraw(address token, address to) returns (uint256 amount)',
]

export const withdrawAll: AbiText<AbiItem<Abi, 'withdrawAll'>> = [
  'function withdrawAll(address[] tokens) returns (uint256[] amounts)',
]

export const withdrawable: AbiText<AbiItem<Abi, 'withdrawable'>> = [
  'function withdrawable(address account, address token) view returns (uint256)',
]
