import type { proofSystemAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof proofSystemAbi

export const BondWithdrawn: AbiText<AbiItem<Abi, 'BondWithdrawn'>> = [
  'event BondWithdrawn(address indexed account, uint256 amount)',
]

export const ChallengeClosed: AbiText<AbiItem<Abi, 'ChallengeClosed'>> = [
  'event ChallengeClosed(uint256 indexed challengeId, uint256 indexed jobId, uint8 outcome, address bondTo, uint256 bond, uint256 slashed)',
]

export const ChallengeTermSet: AbiText<AbiItem<Abi, 'ChallengeTermSet'>> = [
  'event ChallengeTermSet(string term, uint256 value)',
]

export const CircuitRegistered: AbiText<AbiItem<Abi, 'CircuitRegistered'>> = [
  'event CircuitRegistered(bytes32 indexed modelId, address indexed verifier, bytes32 vkHash, (bytes32 modelCommitment, uint16 count, uint16 binding, uint16 inputs, uint16 outputs) instanceLayout)',
]

export const CircuitRemoved: AbiText<AbiItem<Abi, 'CircuitRemoved'>> = [
  'event CircuitRemoved(bytes32 indexed modelId)',
]

export const EvidenceRevealed: AbiText<AbiItem<Abi, 'EvidenceRevealed'>> = [
  'event EvidenceRevealed(uint256 indexed challengeId, string evidenceCID)',
]

export const Initialized: AbiText<AbiItem<Abi, 'Initialized'>> = [
  'event Initialized(uint64 version)',
]

export const OwnershipTransferStarted: AbiText<AbiItem<Abi, 'OwnershipTransferStarted'>> = [
  'event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner)',
]

export const OwnershipTransferred: AbiText<AbiItem<Abi, 'OwnershipTransferred'>> = [
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
]

export const ProofChallenged: AbiText<AbiItem<Abi, 'ProofChallenged'>> = [
  'event ProofChallenged(uint256 indexed challengeId, uint256 indexed jobId, address indexed challenger, bytes32 evidenceHash, uint256 revealBy, uint256 resolveBy)',
]

export const ProofInvalid: AbiText<AbiItem<Abi, 'ProofInvalid'>> = [
  'event ProofInvalid(uint256 indexed jobId, address indexed host)',
]

export const ProofSubmitted: AbiText<AbiItem<Abi, 'ProofSubmitted'>> = [
  'event ProofSubmitted(uint256 indexed jobId, address indexed host, bytes32 proofHash, bytes32 inputHash, bytes32 outputHash)',
]

export const ProofVerified: AbiText<AbiItem<Abi, 'ProofVerified'>> = [
  'event ProofVerified(uint256 indexed jobId, address indexed host)',
]

export const ResolverSet: AbiText<AbiItem<Abi, 'ResolverSet'>> = [
  'event ResolverSet(address indexed resolver, bool allowed)',
]

export const SessionProofVerified: AbiText<AbiItem<Abi, 'SessionProofVerified'>> = [
  'event SessionProofVerified(uint256 indexed jobId, address indexed host, uint256 cumulativeTokens)',
]

export const UPGRADE_INTERFACE_VERSION: AbiText<AbiItem<Abi, 'UPGRADE_INTERFACE_VERSION'>> = [
  'function UPGRADE_INTERFACE_VERSION() view returns (string)',
]

export const Upgraded: AbiText<AbiItem<Abi, 'Upgraded'>> = [
  'event Upgraded(address indexed implementation)',
]

export const acceptOwnership: AbiText<AbiItem<Abi, 'acceptOwnership'>> = [
  'function acceptOwnership()',
]

export const batchVerifyProofs: AbiText<AbiItem<Abi, 'batchVerifyProofs'>> = [
  'function batchVerifyProofs(uint256[] jobIds, (uint256[] instances, bytes proof, bytes32 vk, bytes32 modelCommitment, bytes32 inputHash, bytes32 outputHash)[] proofs) returns (uint8[] statuses)',
]

export const bindingOf: AbiText<AbiItem<Abi, 'bindingOf'>> = [
  'function bindingOf(uint256 jobId, address host, uint256 cumulativeTokens, bytes32 modelCommitment) view returns (uint256)',
]

export const bondLiabilities: AbiText<AbiItem<Abi, 'bondLiabilities'>> = [
  'function bondLiabilities() view returns (uint256)',
]

export const challengeBond: AbiText<AbiItem<Abi, 'challengeBond'>> = [
  'function challengeBond() view returns (uint256)',
]

export const challengeProof: AbiText<AbiItem<Abi, 'challengeProof'>> = [
  'function challengeProof(uint256 jobId, bytes32 evidenceHash, uint256 stake) returns (uint256 challengeId)',
]

export const challengeSlash: AbiText<AbiItem<Abi, 'challengeSlash'>> = [
  'function challengeSlash() view returns (uint256)',
]

export const challengeWindow: AbiText<AbiItem<Abi, 'challengeWindow'>> = [
  'function challengeWindow() view returns (uint256)',
]

export const challengesOf: AbiText<AbiItem<Abi, 'challengesOf'>> = [
  'function challengesOf(uint256 jobId) view returns (uint256 latestId, uint256 count)',
]

export const evidenceHashOf: AbiText<AbiItem<Abi, 'evidenceHashOf'>> = [
  'function evidenceHashOf(uint256 jobId, address challenger, string evidenceCID, bytes32 salt) view returns (bytes32)',
]

export const expireChallenge: AbiText<AbiItem<Abi, 'expireChallenge'>> = [
  'function expireChallenge(uint256 challengeId)',
]

export const fab: AbiText<AbiItem<Abi, 'fab'>> = [
  'function fab() view returns (address)',
]

export const getChallenge: AbiText<AbiItem<Abi, 'getChallenge'>> = [
  'function getChallenge(uint256 challengeId) view returns ((address challenger, uint40 revealBy, uint40 resolveBy, uint8 status, address host, uint96 bond, bytes32 evidenceHash, uint256 jobId))',
]

export const getCircuit: AbiText<AbiItem<Abi, 'getCircuit'>> = [
  'function getCircuit(bytes32 modelId) view returns ((address verifier, uint16 count, uint16 binding, uint16 inputs, uint16 outputs, bytes32 vkHash, bytes32 modelCommitment))',
]

export const getProof: AbiText<AbiItem<Abi, 'getProof'>> = [
  'function getProof(uint256 jobId) view returns ((address host, uint40 submittedAt, uint8 status, bytes32 proofHash))',
]

export const initialize: AbiText<AbiItem<Abi, 'initialize'>> = [
  'function initialize(address owner_, address fab_, address marketplace_, address registry_, address reputation_, address[] resolvers_)',
]

export const isPayoutBlocked: AbiText<AbiItem<Abi, 'isPayoutBlocked'>> = [
  'function isPayoutBlocked(uint256 jobId) view returns (bool)',
]

export const isResolver: AbiText<AbiItem<Abi, 'isResolver'>> = [
  'function isResolver(address account) view returns (bool)',
]

export const isVerified: AbiText<AbiItem<Abi, 'isVerified'>> = [
  'function isVerified(uint256 jobId) view returns (bool)',
]

export const marketplace: AbiText<AbiItem<Abi, 'marketplace'>> = [
  'function marketplace() view returns (address)',
]

export const owner: AbiText<AbiItem<Abi, 'owner'>> = [
  'function owner() view returns (address)',
]

export const pendingOwner: AbiText<AbiItem<Abi, 'pendingOwner'>> = [
  'function pendingOwner() view returns (address)',
]

export const proxiableUUID: AbiText<AbiItem<Abi, 'proxiableUUID'>> = [
  'function proxiableUUID() view returns (bytes32)',
]

export const registerCircuit: AbiText<AbiItem<Abi, 'registerCircuit'>> = [
  'function registerCircuit(bytes32 modelId, address verifier, bytes32 vkHash, (bytes32 modelCommitment, uint16 count, uint16 binding, uint16 inputs, uint16 outputs) instanceLayout)',
]

export const registry: AbiText<AbiItem<Abi, 'registry'>> = [
  'function registry() view returns (address)',
]

export const removeCircuit: AbiText<AbiItem<Abi, 'removeCircuit'>> = [
  'function removeCircuit(bytes32 modelId)',
]

export const renounceOwnership: AbiText<AbiItem<Abi, 'renounceOwnership'>> = [
  'function renounceOwnership()',
]

export const reputation: AbiText<AbiItem<Abi, 'reputation'>> = [
  'function reputation() view returns (address)',
]

export const resolveChallenge: AbiText<AbiItem<Abi, 'resolveChallenge'>> = [
  'function resolveChallenge(uint256 challengeId, bool upheld)',
]

export const resolverWindow: AbiText<AbiItem<Abi, 'resolverWindow'>> = [
  'function resolverWindow() view returns (uint256)',
]

export const revealEvidence: AbiText<AbiItem<Abi, 'revealEvidence'>> = [
  'function revealEvidence(uint256 challengeId, string evidenceCID, bytes32 salt)',
]

export const revealWindow: AbiText<AbiItem<Abi, 'revealWindow'>> = [
  'function revealWindow() view returns (uint256)',
]

export const setChallengeBond: AbiText<AbiItem<Abi, 'setChallengeBond'>> = [
  'function setChallengeBond(uint256 value)',
]

export const setChallengeSlash: AbiText<AbiItem<Abi, 'setChallengeSlash'>> = [
  'function setChallengeSlash(uint256 value)',
]

export const setChallengeWindow: AbiText<AbiItem<Abi, 'setChallengeWindow'>> = [
  'function setChallengeWindow(uint256 value)',
]

export const setResolver: AbiText<AbiItem<Abi, 'setResolver'>> = [
  'function setResolver(address resolver, bool allowed)',
]

export const setResolverWindow: AbiText<AbiItem<Abi, 'setResolverWindow'>> = [
  'function setResolverWindow(uint256 value)',
]

export const setRevealWindow: AbiText<AbiItem<Abi, 'setRevealWindow'>> = [
  'function setRevealWindow(uint256 value)',
]

export const submitAndVerify: AbiText<AbiItem<Abi, 'submitAndVerify'>> = [
  'function submitAndVerify(uint256 jobId, address host, bytes proof)',
]

export const submitProof: AbiText<AbiItem<Abi, 'submitProof'>> = [
  'function submitProof(uint256 jobId, (uint256[] instances, bytes proof, bytes32 vk, bytes32 modelCommitment, bytes32 inputHash, bytes32 outputHash) proof)',
]

export const transferOwnership: AbiText<AbiItem<Abi, 'transferOwnership'>> = [
  'function transferOwnership(address newOwner)',
]

export const upgradeToAndCall: AbiText<AbiItem<Abi, 'upgradeToAndCall'>> = [
  'function upgradeToAndCall(address newImplementation, bytes data) payable',
]

export const verifyProof: AbiText<AbiItem<Abi, 'verifyProof'>> = [
  'function verifyProof(uint256 jobId, (uint256[] instances, bytes proof, bytes32 vk, bytes32 modelCommitment, bytes32 inputHash, bytes32 outputHash) proof) returns (bool valid)',
]

export const verifySession: AbiText<AbiItem<Abi, 'verifySession'>> = [
  'function verifySession(uint256 jobId, address host, bytes32 model, uint256 cumulativeTokens, bytes proof)',
]

export const withdrawBond: AbiText<AbiItem<Abi, 'withdrawBond'>> = [
  'function withdrawBond() returns (uint256 amount)',
]

export const withdrawableBond: AbiText<AbiItem<Abi, 'withdrawableBond'>> = [
  'function withdrawableBond(address account) view returns (uint256)',
]
