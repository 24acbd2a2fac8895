import type { fabstirGovernorAbi } from '@fabstir/contracts/abi'
import type { AbiItem, AbiText } from '../abiText.ts'

type Abi = typeof fabstirGovernorAbi

export const BALLOT_TYPEHASH: AbiText<AbiItem<Abi, 'BALLOT_TYPEHASH'>> = [
  'function BALLOT_TYPEHASH() view returns (bytes32)',
]

export const CLOCK_MODE: AbiText<AbiItem<Abi, 'CLOCK_MODE'>> = [
  'function CLOCK_MODE() view returns (string)',
]

export const COUNTING_MODE: AbiText<AbiItem<Abi, 'COUNTING_MODE'>> = [
  'function COUNTING_MODE() pure returns (string)',
]

export const EIP712DomainChanged: AbiText<AbiItem<Abi, 'EIP712DomainChanged'>> = [
  'event EIP712DomainChanged()',
]

export const EMERGENCY_ROLE: AbiText<AbiItem<Abi, 'EMERGENCY_ROLE'>> = [
  'function EMERGENCY_ROLE() view returns (bytes32)',
]

export const EXTENDED_BALLOT_TYPEHASH: AbiText<AbiItem<Abi, 'EXTENDED_BALLOT_TYPEHASH'>> = [
  'function EXTENDED_BALLOT_TYPEHASH() view returns (bytes32)',
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
  'function cancel(uint256 proposalId)',
  'function cancel(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) returns (uint256)',
]

export const castVote: AbiText<AbiItem<Abi, 'castVote'>> = [
  'function castVote(uint256 proposalId, bool support) returns (uint256 weight)',
  'function castVote(uint256 proposalId, uint8 support) returns (uint256)',
]

export const castVoteBySig: AbiText<AbiItem<Abi, 'castVoteBySig'>> = [
  'function castVoteBySig(uint256 proposalId, uint8 support, address voter, bytes signature) returns (uint256)',
]

export const castVoteWithReason: AbiText<AbiItem<Abi, 'castVoteWithReason'>> = [
  'function castVoteWithReason(uint256 proposalId, uint8 support, string reason) returns (uint256)',
]

export const castVoteWithReasonAndParams: AbiText<AbiItem<Abi, 'castVoteWithReasonAndParams'>> = [
  'function castVoteWithReasonAndParams(uint256 proposalId, uint8 support, string reason, bytes params) returns (uint256)',
]

export const castVoteWithReasonAndParamsBySig: AbiText<AbiItem<Abi, 'castVoteWithReasonAndParamsBySig'>> = [
  'function castVoteWithReasonAndParamsBySig(uint256 proposalId, uint8 support, address voter, string reason, bytes params, bytes signature) returns (uint256)',
]

export const clock: AbiText<AbiItem<Abi, 'clock'>> = [
  'function clock() view returns (uint48)',
]

export const eip712Domain: AbiText<AbiItem<Abi, 'eip712Domain'>> = [
  'function eip712Domain() view returns (bytes1 fields, string name, string version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] extensions)',
]

export const emergencyGuardian: AbiText<AbiItem<Abi, 'emergencyGuardian'>> = [
  'function emergencyGuardian() view returns (address)',
]

export const execute: AbiText<AbiItem<Abi, 'execute'>> = [
  'function execute(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) payable returns (uint256)',
  'function execute(uint256 proposalId) payable',
]

export const executeEmergencyAction: AbiText<AbiItem<Abi, 'executeEmergencyAction'>> = [
  'function executeEmergencyAction(string action, address target)',
]

export const getProposalId: AbiText<AbiItem<Abi, 'getProposalId'>> = [
  'function getProposalId(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) view returns (uint256)',
]

export const getVotes: AbiText<AbiItem<Abi, 'getVotes'>> = [
  'function getVotes(address account, uint256 timepoint) view returns (uint256)',
]

export const getVotesWithParams: AbiText<AbiItem<Abi, 'getVotesWithParams'>> = [
  'function getVotesWithParams(address account, uint256 timepoint, bytes params) view returns (uint256)',
]

export const hasRole: AbiText<AbiItem<Abi, 'hasRole'>> = [
  'function hasRole(bytes32 role, address account) view returns (bool)',
]

export const hasVoted: AbiText<AbiItem<Abi, 'hasVoted'>> = [
  'function hasVoted(uint256 proposalId, address account) view returns (bool)',
]

export const hashProposal: AbiText<AbiItem<Abi, 'hashProposal'>> = [
  'function hashProposal(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) pure returns (uint256)',
]

export const name: AbiText<AbiItem<Abi, 'name'>> = [
  'function name() view returns (string)',
]

export const needsSuperMajority: AbiText<AbiItem<Abi, 'needsSuperMajority'>> = [
  'function needsSuperMajority(address[] targets, uint256[] values, bytes[] calldatas) view returns (bool)',
]

export const nonces: AbiText<AbiItem<Abi, 'nonces'>> = [
  'function nonces(address owner) view returns (uint256)',
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
  'function proposalCount() view returns (uint256)',
]

export const proposalDeadline: AbiText<AbiItem<Abi, 'proposalDeadline'>> = [
  'function proposalDeadline(uint256 proposalId) view returns (uint256)',
]

export const proposalDetails: AbiText<AbiItem<Abi, 'proposalDetails'>> = [
  'function proposalDetails(uint256 proposalId) view returns (address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)',
]

export const proposalDetailsAt: AbiText<AbiItem<Abi, 'proposalDetailsAt'>> = [
  'function proposalDetailsAt(uint256 index) view returns (uint256 proposalId, address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)',
]

export const proposalEta: AbiText<AbiItem<Abi, 'proposalEta'>> = [
  'function proposalEta(uint256 proposalId) view returns (uint256)',
]

export const proposalExpiresAt: AbiText<AbiItem<Abi, 'proposalExpiresAt'>> = [
  'function proposalExpiresAt(uint256 proposalId) view returns (uint256)',
]

export const proposalNeedsQueuing: AbiText<AbiItem<Abi, 'proposalNeedsQueuing'>> = [
  'function proposalNeedsQueuing(uint256 proposalId) view returns (bool)',
]

export const proposalNeedsSuperMajority: AbiText<AbiItem<Abi, 'proposalNeedsSuperMajority'>> = [
  'function proposalNeedsSuperMajority(uint256 proposalId) view returns (bool)',
]

export const proposalProposer: AbiText<AbiItem<Abi, 'proposalProposer'>> = [
  'function proposalProposer(uint256 proposalId) view returns (address)',
]

export const proposalSnapshot: AbiText<AbiItem<Abi, 'proposalSnapshot'>> = [
  'function proposalSnapshot(uint256 proposalId) view returns (uint256)',
]

export const proposalThreshold: AbiText<AbiItem<Abi, 'proposalThreshold'>> = [
  'function proposalThreshold() view returns (uint256)',
]

export const proposalVotes: AbiText<AbiItem<Abi, 'proposalVotes'>> = [
  'function proposalVotes(uint256 proposalId) view returns (uint256 againstVotes, uint256 forVotes, uint256 abstainVotes)',
]

export const propose: AbiText<AbiItem<Abi, 'propose'>> = [
  'function propose(address[] targets, uint256[] values, bytes[] calldatas, string description) returns (uint256)',
]

export const proposeParameterUpdate: AbiText<AbiItem<Abi, 'proposeParameterUpdate'>> = [
  'function proposeParameterUpdate((address targetContract, bytes4 functionSelector, string parameterName, uint256 newValue)[] updates, string description) returns (uint256 proposalId)',
]

export const queue: AbiText<AbiItem<Abi, 'queue'>> = [
  'function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash) returns (uint256)',
  'function queue(uint256 proposalId)',
]

export const quorum: AbiText<AbiItem<Abi, 'quorum'>> = [
  'function quorum(uint256 timepoint) view returns (uint256)',
]

export const quorumDenominator: AbiText<AbiItem<Abi, 'quorumDenominator'>> = [
  'function quorumDenominator() view returns (uint256)',
]

export const quorumNumerator: AbiText<AbiItem<Abi, 'quorumNumerator'>> = [
  'function quorumNumerator(uint256 timepoint) view returns (uint256)',
  'function quorumNumerator() view returns (uint256)',
]

export const relay: AbiText<AbiItem<Abi, 'relay'>> = [
  'function relay(address target, uint256 value, bytes data) payable',
]

export const setProposalThreshold: AbiText<AbiItem<Abi, 'setProposalThreshold'>> = [
  'function setProposalThreshold(uint256 newProposalThreshold)',
]

export const setVotingDelay: AbiText<AbiItem<Abi, 'setVotingDelay'>> = [
  'function setVotingDelay(uint48 newVotingDelay)',
]

export const setVotingPeriod: AbiText<AbiItem<Abi, 'setVotingPeriod'>> = [
  'function setVotingPeriod(uint32 newVotingPeriod)',
]

export const state: AbiText<AbiItem<Abi, 'state'>> = [
  'function state(uint256 proposalId) view returns (uint8 current)',
]

export const supportsInterface: AbiText<AbiItem<Abi, 'supportsInterface'>> = [
  'function supportsInterface(bytes4 interfaceId) view returns (bool)',
]

export const timelock: AbiText<AbiItem<Abi, 'timelock'>> = [
  'function timelock() view returns (address)',
]

export const token: AbiText<AbiItem<Abi, 'token'>> = [
  'function token() view returns (address)',
]

export const updateQuorumNumerator: AbiText<AbiItem<Abi, 'updateQuorumNumerator'>> = [
  'function updateQuorumNumerator(uint256 newQuorumNumerator)',
]

export const updateTimelock: AbiText<AbiItem<Abi, 'updateTimelock'>> = [
  'function updateTimelock(address newTimelock)',
]

export const version: AbiText<AbiItem<Abi, 'version'>> = [
  'function version() view returns (string)',
]

export const votingDelay: AbiText<AbiItem<Abi, 'votingDelay'>> = [
  'function votingDelay() view returns (uint256)',
]

export const votingPeriod: AbiText<AbiItem<Abi, 'votingPeriod'>> = [
  'function votingPeriod() view returns (uint256)',
]
