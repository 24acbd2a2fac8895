import { encodeFunctionData, parseAbi, toFunctionSelector } from 'viem'
import {
  type Case,
  day,
  nobody,
  only,
  open,
  type Rules,
  receiver,
  type Scene,
  zero,
} from './rules.ts'

const roleMissing = 'AccessControlUnauthorizedAccount'
const governor = only('governor')
const timelock = only('timelock')
const guardian = only('guardian')

const proposal: NonNullable<Case['args']> = ({ proposal: id }) => [id]
const createJob = toFunctionSelector('createJob(string,bytes32,uint256,uint256)')
const update = (scene: Scene) => ({
  target: scene.addresses.marketplace,
  data: encodeFunctionData({
    abi: parseAbi(['function setReviewWindow(uint256)']),
    args: [7_200n],
  }),
})

const timelockRules: Rules = {
  ...receiver,
  receive: open('payments to governance'),
  schedule: governor(roleMissing, {
    args: (scene) => [update(scene).target, 0n, update(scene).data, zero, zero, 172_800n],
  }),
  scheduleBatch: governor(roleMissing, { args: () => [[], [], [], zero, zero, 172_800n] }),
  execute: governor(roleMissing, { ends: ['TimelockUnexpectedOperationState'] }),
  executeBatch: governor(roleMissing, {
    args: () => [[], [], [], zero, zero],
    ends: ['TimelockUnexpectedOperationState'],
  }),
  cancel: governor(roleMissing, { ends: ['TimelockUnexpectedOperationState'] }),
  grantRole: timelock(roleMissing),
  revokeRole: timelock(roleMissing),
  renounceRole: open('gives up what is the caller’s own', { args: (_, caller) => [zero, caller] }),
  'renounceRole: of another': nobody('each for itself', 'AccessControlBadConfirmation'),
  updateDelay: timelock('TimelockUnauthorizedCaller'),
  setParameterGuard: timelock(roleMissing, { args: ({ parameterGuard }) => [parameterGuard] }),
}

const notHere = nobody('what governance owns is the timelock’s', 'GovernorDisabledDeposit')
const byProposal = 'by a proposal, whose calls the governor remembers'

const governorRules: Rules = {
  onERC721Received: notHere,
  onERC1155Received: notHere,
  onERC1155BatchReceived: notHere,
  receive: notHere,
  propose: only('deployer')('GovernorInsufficientProposerVotes', {
    note: 'who has 10,000 FAB of past votes',
    args: (scene) => [[update(scene).target], [0n], [update(scene).data], 'text'],
  }),
  proposeParameterUpdate: only('deployer')('GovernorInsufficientProposerVotes', {
    note: 'who has 10,000 FAB of past votes',
    args: ({ addresses }) => [
      [
        {
          targetContract: addresses.marketplace,
          functionSelector: toFunctionSelector('setReviewWindow(uint256)'),
          parameterName: 'reviewWindow',
          newValue: 7_200n,
        },
      ],
      'text',
    ],
  }),
  'cancel(uint256)': only('deployer')('GovernorUnableToCancel', {
    note: 'the proposer, before the vote begins',
    args: proposal,
  }),
  'cancel(address[],uint256[],bytes[],bytes32)': only('deployer')('GovernorUnableToCancel', {
    note: 'the proposer, before the vote begins',
    args: ({ proposed }) => proposed,
  }),
  'castVote(uint256,bool)': open('votes of the caller', {
    args: ({ proposal: id }) => [id, true],
    later: 2 * day,
  }),
  'castVote(uint256,uint8)': open('votes of the caller', {
    args: ({ proposal: id }) => [id, 1],
    later: 2 * day,
  }),
  castVoteWithReason: open('votes of the caller', {
    args: ({ proposal: id }) => [id, 1, ''],
    later: 2 * day,
  }),
  castVoteWithReasonAndParams: open('votes of the caller', {
    args: ({ proposal: id }) => [id, 1, '', '0x'],
    later: 2 * day,
  }),
  castVoteBySig: open('with the voter’s signature', { ends: ['GovernorInvalidSignature'] }),
  castVoteWithReasonAndParamsBySig: open('with the voter’s signature', {
    ends: ['GovernorInvalidSignature'],
  }),
  'queue(uint256)': open('what has won', {
    args: proposal,
    ends: ['GovernorUnexpectedProposalState'],
  }),
  'queue(address[],uint256[],bytes[],bytes32)': open('what has won', {
    args: ({ proposed }) => proposed,
    ends: ['GovernorUnexpectedProposalState'],
  }),
  'execute(uint256)': open('what has waited its delay', {
    args: proposal,
    ends: ['GovernorUnexpectedProposalState'],
  }),
  'execute(address[],uint256[],bytes[],bytes32)': open('what has waited its delay', {
    args: ({ proposed }) => proposed,
    ends: ['GovernorUnexpectedProposalState'],
  }),
  executeEmergencyAction: guardian(roleMissing, {
    args: ({ addresses }) => ['pause', addresses.marketplace],
  }),
  relay: timelock('GovernorOnlyExecutor', { note: byProposal, ends: ['Panic'] }),
  setVotingDelay: timelock('GovernorOnlyExecutor', { note: byProposal, ends: ['Panic'] }),
  setVotingPeriod: timelock('GovernorOnlyExecutor', { note: byProposal, ends: ['Panic'] }),
  setProposalThreshold: timelock('GovernorOnlyExecutor', { note: byProposal, ends: ['Panic'] }),
  updateQuorumNumerator: timelock('GovernorOnlyExecutor', { note: byProposal, ends: ['Panic'] }),
  updateTimelock: timelock('GovernorOnlyExecutor', { note: byProposal, ends: ['Panic'] }),
}

const guardianRules: Rules = {
  'executeEmergencyAction(string,address)': guardian(roleMissing, {
    args: ({ addresses }) => ['pause', addresses.marketplace],
  }),
  'executeEmergencyAction(string,address,string)': guardian(roleMissing, {
    args: ({ addresses }) => ['pause', addresses.marketplace, 'text'],
  }),
  executeEmergencyActionFor: governor('EmergencyGuardianNotGovernor', {
    note: 'in the name of a member that calls the governor',
    args: ({ addresses }) => [addresses.guardian, 'pause', addresses.marketplace],
  }),
  setCircuitBreakerLevel: guardian(roleMissing, {
    args: ({ addresses }) => [addresses.marketplace, 1],
  }),
  pauseFunction: guardian(roleMissing, {
    args: ({ addresses }) => [addresses.marketplace, createJob],
  }),
  unpauseFunction: guardian(roleMissing, {
    args: ({ addresses }) => [addresses.marketplace, createJob],
    ends: ['BreakerNotPaused'],
  }),
  grantRole: timelock(roleMissing),
  revokeRole: timelock(roleMissing),
  renounceRole: open('gives up what is the caller’s own', { args: (_, caller) => [zero, caller] }),
  'renounceRole: of another': nobody('each for itself', 'AccessControlBadConfirmation'),
}

export const governance = {
  Timelock: timelockRules,
  ProxyDeployer: {
    deploy: open('the address depends on the caller', { ends: ['ProxyDeployerNoInitData'] }),
  },
  FabstirGovernor: governorRules,
  ParameterGuard: {
    setParameters: timelock('ParameterGuardNotAdmin'),
    removeParameter: timelock('ParameterGuardNotAdmin', {
      args: ({ addresses }) => [
        addresses.marketplace,
        toFunctionSelector('setReviewWindow(uint256)'),
        zero,
      ],
    }),
  },
  EmergencyGuardian: guardianRules,
  VotesAdapter: {},
} satisfies Record<string, Rules>
