import type { fabstirGovernorAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'
import { knowErrors } from '../knownErrors.ts'

type Abi = typeof fabstirGovernorAbi

knowErrors(`
 ERC6372InconsistentClock GovernorDisabledDeposit GovernorInvalidVoteParams GovernorInvalidVoteType
address GovernorAlreadyCastVote GovernorInvalidSignature GovernorOnlyExecutor GovernorRelayToTimelock GovernorRestrictedProposer
address,uint256,uint256 GovernorInsufficientProposerVotes
string GovernorClockMode
uint256 GovernorAlreadyQueuedProposal GovernorInvalidVotingPeriod GovernorNonexistentProposal GovernorProposalQueueingFailed GovernorProposalQueueingNotRequired GovernorSuperMajorityNeeded
uint256,address GovernorUnableToCancel
uint256,uint256 GovernorInvalidQuorumFraction
uint256,uint256,uint256 GovernorInvalidProposalLength
uint256,uint8,bytes32 GovernorUnexpectedProposalState
`)

export const BALLOT_TYPEHASH: AbiText<AbiItem<Abi, 'BALLOT_TYPEHASH'>> = [
  'function BALLOT_TYPEHASH() returns (bytes32)',
]

export const CLOCK_MODE: AbiText<AbiItem<Abi, 'CLOCK_MODE'>> = [
  'function CLOCK_MODE() returns (string)',
]

export const COUNTING_MODE: AbiText<AbiItem<Abi, 'COUNTING_MODE'>> = [
  'function COUNTING_MODE() returns (string)',
]

export const EIP712DomainChanged: AbiText<AbiItem<Abi, 'EIP712DomainChanged'>> = [
  'event EIP712DomainChanged()',
]

export const EMERGENCY_ROLE: AbiText<AbiItem<Abi, 'EMERGENCY_ROLE'>> = [
  'function EMERGENCY_ROLE() returns (bytes32)',
]

export const EXTENDED_BALLOT_TYPEHASH: AbiText<AbiItem<Abi, 'EXTENDED_BALLOT_TYPEHASH'>> = [
  'function EXTENDED_BALLOT_TYPEHASH() returns (bytes32)',
]

export const ParameterUpdateProposed: AbiText<AbiItem<Abi, 'ParameterUpdateProposed'>> = [
  'event ParameterUpdateProposed(uint256 indexed proposalId, address indexed targetContract, bytes4 functionSelector, string parameterName, uint256 currentValue, uint256 newValue)',
]

export const ProposalCanceled: AbiText<AbiItem<Abi, 'ProposalCanceled'>> = [
  'event ProposalCanceled(uint256 proposalId)',
]

export const ProposalClassified: AbiText<AbiItem<Abi, 'ProposalClassified'>> = [
  'event ProposalClassified(uint256 indexed proposalId, bool superMajority)',
]

export const ProposalCreated: AbiText<AbiItem<Abi, 'ProposalCreated'>> = [
  'event ProposalCreated(uint256 proposalId, address proposer, address[] targets, uint256[] values, string[] signatures, bytes[] calldatas, uint256 voteStart, uint256 voteEnd, string description)',
]

export const ProposalExecuted: AbiText<AbiItem<Abi, 'ProposalExecuted'>> = [
  'event ProposalExecuted(uint256 proposalId)',
]

export const ProposalQueued: AbiText<AbiItem<Abi, 'ProposalQueued'>> = [
  'event ProposalQueued(uint256 proposalId, uint256 etaSeconds)',
]

export const ProposalThresholdSet: AbiText<AbiItem<Abi, 'ProposalThresholdSet'>> = [
  'event ProposalThresholdSet(uint256 oldProposalThreshold, uint256 newProposalThreshold)',
]

export const QuorumNumeratorUpdated: AbiText<AbiItem<Abi, 'QuorumNumeratorUpdated'>> = [
  'event QuorumNumeratorUpdated(uint256 oldQuorumNumerator, uint256 newQuorumNumerator)',
]

export const TimelockChange: AbiText<AbiItem<Abi, 'TimelockChange'>> = [
  'event TimelockChange(address oldTimelock, address newTimelock)',
]

export const VoteCast: AbiText<AbiItem<Abi, 'VoteCast'>> = [
  'event VoteCast(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason)',
]

export const VoteCastWithParams: AbiText<AbiItem<Abi, 'VoteCastWithParams'>> = [
  'event VoteCastWithParams(address indexed voter, uint256 proposalId, uint8 support, uint256 weight, string reason, bytes params)',
]

export const VotingDelaySet: AbiText<AbiItem<Abi, 'VotingDelaySet'>> = [
  'event VotingDelaySet(uint256 oldVotingDelay, uint256 newVotingDelay)',
]

export const VotingPeriodSet: AbiText<AbiItem<Abi, 'VotingPeriodSet'>> = [
  'event VotingPeriodSet(uint256 oldVotingPeriod, uint256 newVotingPeriod)',
]

export const cancel: AbiText<AbiItem<Abi, 'cancel'>> = [
  'function cancel(uint256)',
  'function cancel(address[], uint256[], bytes[], bytes32) returns (uint256)',
]

export const castVote: AbiText<AbiItem<Abi, 'castVote'>> = [
  'function castVote(uint256, bool) returns (uint256)',
  'function castVote(uint256, uint8) returns (uint256)',
]

export const castVoteBySig: AbiText<AbiItem<Abi, 'castVoteBySig'>> = [
  'function castVoteBySig(uint256, uint8, address, bytes) returns (uint256)',
]

export const castVoteWithReason: AbiText<AbiItem<Abi, 'castVoteWithReason'>> = [
  'function castVoteWithReason(uint256, uint8, string) returns (uint256)',
]

export const castVoteWithReasonAndParams: AbiText<AbiItem<Abi, 'castVoteWithReasonAndParams'>> = [
  'function castVoteWithReasonAndParams(uint256, uint8, string, bytes) returns (uint256)',
]

export const castVoteWithReasonAndParamsBySig: AbiText<AbiItem<Abi, 'castVoteWithReasonAndParamsBySig'>> = [
  'function castVoteWithReasonAndParamsBySig(uint256, uint8, address, string, bytes, bytes) returns (uint256)',
]

export const clock: AbiText<AbiItem<Abi, 'clock'>> = [
  'function clock() returns (uint48)',
]

export const eip712Domain: AbiText<AbiItem<Abi, 'eip712Domain'>> = [
  'function eip712Domain() returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
]

export const emergencyGuardian: AbiText<AbiItem<Abi, 'emergencyGuardian'>> = [
  'function emergencyGuardian() returns (address)',
]

export const execute: AbiText<AbiItem<Abi, 'execute'>> = [
  'function execute(address[], uint256[], bytes[], bytes32) returns (uint256)',
  'function execute(uint256)',
]

export const executeEmergencyAction: AbiText<AbiItem<Abi, 'executeEmergencyAction'>> = [
  'function executeEmergencyAction(string, address)',
]

export const getProposalId: AbiText<AbiItem<Abi, 'getProposalId'>> = [
  'function getProposalId(address[], uint256[], bytes[], bytes32) returns (uint256)',
]

export const getVotes: AbiText<AbiItem<Abi, 'getVotes'>> = [
  'function getVotes(address, uint256) returns (uint256)',
]

export const getVotesWithParams: AbiText<AbiItem<Abi, 'getVotesWithParams'>> = [
  'function getVotesWithParams(address, uint256, bytes) returns (uint256)',
]

export const hasRole: AbiText<AbiItem<Abi, 'hasRole'>> = [
  'function hasRole(bytes32, address) returns (bool)',
]

export const hasVoted: AbiText<AbiItem<Abi, 'hasVoted'>> = [
  'function hasVoted(uint256, address) returns (bool)',
]

export const hashProposal: AbiText<AbiItem<Abi, 'hashProposal'>> = [
  'function hashProposal(address[], uint256[], bytes[], bytes32) returns (uint256)',
]

export const name: AbiText<AbiItem<Abi, 'name'>> = [
  'function name() returns (string)',
]

export const needsSuperMajority: AbiText<AbiItem<Abi, 'needsSuperMajority'>> = [
  'function needsSuperMajority(address[], uint256[], bytes[]) returns (bool)',
]

export const nonces: AbiText<AbiItem<Abi, 'nonces'>> = [
  'function nonces(address) returns (uint256)',
]

export const onERC1155BatchReceived: AbiText<AbiItem<Abi, 'onERC1155BatchReceived'>> = [
  'function onERC1155BatchReceived(address, address, uint256[], uint256[], bytes) returns (bytes4)',
]

export const onERC1155Received: AbiText<AbiItem<Abi, 'onERC1155Received'>> = [
  'function onERC1155Received(address, address, uint256, uint256, bytes) returns (bytes4)',
]

export const onERC721Received: AbiText<AbiItem<Abi, 'onERC721Received'>> = [
  'function onERC721Received(address, address, uint256, bytes) returns (bytes4)',
]

export const proposalCount: AbiText<AbiItem<Abi, 'proposalCount'>> = [
  'function proposalCount() returns (uint256)',
]

export const proposalDeadline: AbiText<AbiItem<Abi, 'proposalDeadline'>> = [
  'function proposalDeadline(uint256) returns (uint256)',
]

export const proposalDetails: AbiText<AbiItem<Abi, 'proposalDetails'>> = [
  'function proposalDetails(uint256) returns (address[], uint256[], bytes[], bytes32)',
]

export const proposalDetailsAt: AbiText<AbiItem<Abi, 'proposalDetailsAt'>> = [
  'function proposalDetailsAt(uint256) returns (uint256, address[], uint256[], bytes[], bytes32)',
]

export const proposalEta: AbiText<AbiItem<Abi, 'proposalEta'>> = [
  'function proposalEta(uint256) returns (uint256)',
]

export const proposalExpiresAt: AbiText<AbiItem<Abi, 'proposalExpiresAt'>> = [
  'function proposalExpiresAt(uint256) returns (uint256)',
]

export const proposalNeedsQueuing: AbiText<AbiItem<Abi, 'proposalNeedsQueuing'>> = [
  'function proposalNeedsQueuing(uint256) returns (bool)',
]

export const proposalNeedsSuperMajority: AbiText<AbiItem<Abi, 'proposalNeedsSuperMajority'>> = [
  'function proposalNeedsSuperMajority(uint256) returns (bool)',
]

export const proposalProposer: AbiText<AbiItem<Abi, 'proposalProposer'>> = [
  'function proposalProposer(uint256) returns (address)',
]

export const proposalSnapshot: AbiText<AbiItem<Abi, 'proposalSnapshot'>> = [
  'function proposalSnapshot(uint256) returns (uint256)',
]

export const proposalThreshold: AbiText<AbiItem<Abi, 'proposalThreshold'>> = [
  'function proposalThreshold() returns (uint256)',
]

export const proposalVotes: AbiText<AbiItem<Abi, 'proposalVotes'>> = [
  'function proposalVotes(uint256) returns (uint256, uint256, uint256)',
]

export const propose: AbiText<AbiItem<Abi, 'propose'>> = [
  'function propose(address[], uint256[], bytes[], string) returns (uint256)',
]

export const proposeParameterUpdate: AbiText<AbiItem<Abi, 'proposeParameterUpdate'>> = [
  'function proposeParameterUpdate((address targetContract, bytes4 functionSelector, string parameterName, uint256 newValue)[], string) returns (uint256)',
]

export const queue: AbiText<AbiItem<Abi, 'queue'>> = [
  'function queue(address[], uint256[], bytes[], bytes32) returns (uint256)',
  'function queue(uint256)',
]

export const quorum: AbiText<AbiItem<Abi, 'quorum'>> = [
  'function quorum(uint256) returns (uint256)',
]

export const quorumDenominator: AbiText<AbiItem<Abi, 'quorumDenominator'>> = [
  'function quorumDenominator() returns (uint256)',
]

export const quorumNumerator: AbiText<AbiItem<Abi, 'quorumNumerator'>> = [
  'function quorumNumerator(uint256) returns (uint256)',
  'function quorumNumerator() returns (uint256)',
]

export const relay: AbiText<AbiItem<Abi, 'relay'>> = [
  'function relay(address, uint256, bytes)',
]

export const setProposalThreshold: AbiText<AbiItem<Abi, 'setProposalThreshold'>> = [
  'function setProposalThreshold(uint256)',
]

export const setVotingDelay: AbiText<AbiItem<Abi, 'setVotingDelay'>> = [
  'function setVotingDelay(uint48)',
]

export const setVotingPeriod: AbiText<AbiItem<Abi, 'setVotingPeriod'>> = [
  'function setVotingPeriod(uint32)',
]

export const state: AbiText<AbiItem<Abi, 'state'>> = [
  'function state(uint256) returns (uint8)',
]

export const supportsInterface: AbiText<AbiItem<Abi, 'supportsInterface'>> = [
  'function supportsInterface(bytes4) returns (bool)',
]

export const timelock: AbiText<AbiItem<Abi, 'timelock'>> = [
  'function timelock() returns (address)',
]

export const token: AbiText<AbiItem<Abi, 'token'>> = [
  'function token() returns (address)',
]

export const updateQuorumNumerator: AbiText<AbiItem<Abi, 'updateQuorumNumerator'>> = [
  'function updateQuorumNumerator(uint256)',
]

export const updateTimelock: AbiText<AbiItem<Abi, 'updateTimelock'>> = [
  'function updateTimelock(address)',
]

export const version: AbiText<AbiItem<Abi, 'version'>> = [
  'function version() returns (string)',
]

export const votingDelay: AbiText<AbiItem<Abi, 'votingDelay'>> = [
  'function votingDelay() returns (uint256)',
]

export const votingPeriod: AbiText<AbiItem<Abi, 'votingPeriod'>> = [
  'function votingPeriod() returns (uint256)',
]
