import type { ArtifactName } from '@fabstir/contracts/deploy'
import {
  governance,
  type Lines,
  never,
  owned,
  services,
  subscriptions,
  system,
  upgradeable,
} from './walks/walks.ts'

/**
 * Every function of every deployed contract that changes something, and the step of an invariant walk that calls it.
 * A function without a line fails the test, and so does a line that names nothing.
 */
export const walkedFunctions: Record<ArtifactName | 'MigrationHelper', Lines> = {
  JobMarketplace: {
    ...upgradeable('JobMarketplace'),
    ...system(`
      createSession createSessionJob createSessionJobWithToken createSessionWithQuote createSessionFromDeposit
      submitCheckpoint submitProofOfWork submitBatchProofs challengeAttestedWork decideAttestedWork setCoSigner
      settleSession settleMany settleSessionWithVoucher claimWithProof claimAbandonedSession completeSessionWithFinal
      completeSessionJob finalizeSession triggerSessionTimeout postJob postJobWithToken createJob claimJob abandonClaim
      submitResult completeJob cancelJob claimExpired releasePayment releaseEscrow autoRelease(uint256)=autoRelease
      autoRelease(bytes32)=autoReleaseEscrow disputeResult disputeEscrow resolveDispute resolveStale rejectResult
      depositPrepaid distributeFees withdraw(address)=withdraw withdraw(address,address)=withdrawTo withdrawAll
      setDefaultCoSigner setCircuitBreakerLevel pauseFunction(bytes4)=pauseFunction pauseFunction(string)=pauseNamed
      unpauseFunction(bytes4)=unpauseFunction unpauseFunction(string)=unpauseNamed emergencyPause unpause setFees
      setClosingWindow setAcceptedToken setTokenLimits setTreasury setStakers setArbiter setProofSystem setReputation
      setSponsorPaymaster setReviewWindow setBonusReputation setDisputeTerms setMaxPending setRateLimit setFailureRules
      setGuardian sweepSurplus
    `),
    ...never('leads to the functions above, in other parts of the code', 'receive'),
  },
  NodeRegistry: {
    ...upgradeable('NodeRegistry'),
    ...system(`
      registerNode stake requestUnstake unregisterNode withdrawUnstaked updateMetadata setModels setPrice setMaxSessions
      setAccepting registerControlledNode acceptControl cancelControlledNode stakeControlled requestUnstakeControlled
      unregisterControlledNode withdrawControlled claimSlashed importStake closeImport setMinimumStake
      setUnbondingPeriod setJailPeriod setProofSystem=setRegistryProofSystem slash forfeitClaimBond
    `),
  },
  ReputationSystem: {
    ...upgradeable('ReputationSystem'),
    ...system(`
      recordSettled rateHost importScores closeImport setMinReputationFee setIncentiveThreshold slashReputation
      setProofSystem=setReputationProofSystem recordJobCompletion
    `),
  },
  ProofSystem: {
    ...upgradeable('ProofSystem'),
    ...system(`
      submitProof verifyProof batchVerifyProofs submitAndVerify verifySession challengeProof revealEvidence
      resolveChallenge expireChallenge withdrawBond registerCircuit removeCircuit setResolver setChallengeWindow
      setRevealWindow setResolverWindow setChallengeBond setChallengeSlash
    `),
  },
  StakersPool: {
    ...upgradeable('StakersPool'),
    ...system(`
      stake=stakePosition unstake=unstakePosition exitEarly relock lapse notifyReward claim(address)=claim
      claim(address,address)=claimTo claimAll sync listRewardToken receive=receivePool
    `),
  },
  RevenueSplitter: {
    ...upgradeable('RevenueSplitter'),
    ...system(`
      split withdraw(address)=withdrawShare withdraw(address,address)=withdrawShareTo
      setTreasury=setSplitterTreasury setStakersPool
    `),
  },
  Buyback: {
    ...upgradeable('Buyback'),
    ...services('buy setKeeper=setKeeperBuyback setLimits setRoute setTreasury=setTreasuryBuyback'),
  },
  ModelRegistry: {
    ...upgradeable('ModelRegistry'),
    ...services(`
      listModel updateModel delistModel setPrice=setOffer removeOffer recordSettled=recordUse setPublisher
      setMinimumPrices
    `),
  },
  DynamicPricing: {
    ...upgradeable('DynamicPricing'),
    ...services('recordSettled=recordDemand setCapacity setCurve'),
  },
  Subscriptions: subscriptions(`
    createPlan closePlan setMeter subscribe extend setAutoRenew renew consume cancel collect
    withdraw(address)=withdraw withdraw(address,address)=withdrawTo
  `),
  FabstirAccount: {
    ...system(`
      addSessionKey addSessionKeyWithPolicy revokeSessionKey revokeAllSessionKeys cancelGrant execute executeBatch
      executeUserOp createJobViaAccount registerNodeViaAccount claimJobViaSessionKey setOwner
      upgradeToAndCall=upgradeAccount withdrawDepositTo onERC721Received onERC1155Received onERC1155BatchReceived
      receive=receiveAccount validateUserOp=handleOps
    `),
    ...never(
      'while the proxy’s constructor runs; the walk tries it on every account',
      'initialize',
    ),
  },
  FabstirAccountFactory: services('createAccount'),
  SponsorPaymaster: {
    ...system(`
      deposit=depositSponsor withdraw=withdrawSponsor migrateTo addStake=addStakeSponsor
      unlockStake=unlockStakeSponsor withdrawStake=withdrawStakeSponsor receive=migrateTo
    `),
  },
  TokenPaymaster: {
    ...owned('TokenPaymaster'),
    ...services(`
      validatePaymasterUserOp=payByQuote postOp=payByFeed updatePrice setToken setNativeFeed setSequencerFeed
      setQuoteSigner deposit=depositPayer addStake=addStakePayer unlockStake=unlockStakePayer
      withdrawStake=withdrawStakePayer withdrawDeposit=withdrawDepositPayer withdrawTokens
    `),
  },
  TopUpVault: {
    ...owned('TopUpVault'),
    ...system('topUp setKeeper setPaymaster withdraw=withdrawVault receive=receiveVault'),
  },
  Timelock: {
    ...governance(`
      schedule=scheduleOperation execute=executeOperation cancel=cancelOperation scheduleBatch=queue
      executeBatch grantRole revokeRole renounceRole updateDelay setParameterGuard
      receive=receiveTimelock onERC721Received onERC1155Received onERC1155BatchReceived
    `),
  },
  FabstirGovernor: {
    ...governance(`
      propose proposeParameterUpdate castVote(uint256,bool)=castVoteBool castVote(uint256,uint8)=castVote
      castVoteWithReason castVoteWithReasonAndParams castVoteBySig castVoteWithReasonAndParamsBySig
      queue(uint256)=queue queue(address[],uint256[],bytes[],bytes32)=queueFull execute(uint256)=execute
      execute(address[],uint256[],bytes[],bytes32)=executeFull cancel(uint256)=cancel
      cancel(address[],uint256[],bytes[],bytes32)=cancelFull executeEmergencyAction=emergencyByGovernor relay
      setVotingDelay setVotingPeriod setProposalThreshold updateQuorumNumerator updateTimelock
    `),
    ...never(
      'always refused, which the walk tries: what governance owns is the timelock’s',
      'onERC721Received onERC1155Received onERC1155BatchReceived receive',
    ),
  },
  ParameterGuard: governance('setParameters removeParameter'),
  EmergencyGuardian: {
    ...system(`
      setCircuitBreakerLevel=guardianLevel pauseFunction=guardianPauseFunction
      unpauseFunction=guardianUnpauseFunction executeEmergencyAction(string,address)=guardianAction
    `),
    ...governance(`
      executeEmergencyAction(string,address,string)=emergencyWithReason
      executeEmergencyActionFor=emergencyByGovernor grantRole=grantMember revokeRole=revokeMember
      renounceRole=renounceMember
    `),
  },
  VotesAdapter: {},
  EzklVerifier: {},
  ProxyDeployer: services('deploy=deployProxy'),
  FabToken: services(`
    transfer=transferFab transferFrom=transferFromFab approve=approveFab permit=permitFab burn burnFrom delegate
    delegateBySig
  `),
  TestUsdc: services(`
    transfer=transferUsdc transferFrom=transferFromUsdc approve=approveUsdc permit=permitUsdc mint
  `),
  MigrationHelper: services('migrate close=closeMigration'),
}
