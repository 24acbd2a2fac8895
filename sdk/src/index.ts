export type { AddressBook, EntryPointDeployment } from '@fabstir/contracts/addressBook'
export {
  type FabstirAccount,
  type ToFabstirAccountParameters,
  toFabstirAccount,
} from './accounts/fabstir/toFabstirAccount.ts'
export type { P256Key } from './accounts/keys/p256Signer.ts'
export { type SessionKeyName, sessionKeyAddress } from './accounts/keys/sessionKeyAddress.ts'
export { type ToWebCryptoKeyParameters, toWebCryptoKey } from './accounts/keys/toWebCryptoKey.ts'
export type { WebAuthnKey } from './accounts/keys/webAuthnSigner.ts'
export { nonceKey } from './accounts/nonceKey.ts'
export type { FabstirOwner, OwnerKey } from './accounts/owner.ts'
export type { SessionKeyStatus } from './accounts/session/keyStatus.ts'
export { parseSessionGrant } from './accounts/session/parseSessionGrant.ts'
export type {
  CustomScope,
  NarrowedScopeName,
  ScopeName,
  SessionScope,
  TransferScope,
} from './accounts/session/scopes.ts'
export type { SessionGrant } from './accounts/session/sessionGrant.ts'
export type { SessionPolicy } from './accounts/session/sessionPolicy.ts'
export {
  type SessionAccount,
  type SessionKey,
  type ToSessionAccountParameters,
  toSessionAccount,
} from './accounts/session/toSessionAccount.ts'
export type { SpendLimit, SpendLimits } from './accounts/session/toSessionPolicy.ts'
export { type BatchEvents, batch, batchSync } from './actions/batch.ts'
export { type ContractCallParameters, contractCall } from './actions/contractCall.ts'
export * from './actions/governance/cancelProposal.ts'
export * from './actions/governance/castVote.ts'
export * from './actions/governance/castVoteBySig.ts'
export * from './actions/governance/delegateVotes.ts'
export * from './actions/governance/executeProposal.ts'
export * from './actions/governance/getDelegate.ts'
export * from './actions/governance/getGovernance.ts'
export * from './actions/governance/getParameter.ts'
export * from './actions/governance/getProposal.ts'
export * from './actions/governance/getVotes.ts'
export * from './actions/governance/propose.ts'
export type { ProposeEvent } from './actions/governance/proposed.ts'
export * from './actions/governance/proposeParameters.ts'
export * from './actions/governance/queueProposal.ts'
export { type SignedVote, voteTypedData } from './actions/governance/signedVote.ts'
export * from './actions/governance/signVote.ts'
export type { CastVoteEvent, VoteSupport } from './actions/governance/vote.ts'
export * from './actions/host/acceptControl.ts'
export * from './actions/host/addStake.ts'
export * from './actions/host/cancelControlledNode.ts'
export * from './actions/host/claimSlashed.ts'
export * from './actions/host/getHostTerms.ts'
export * from './actions/host/getPendingControl.ts'
export * from './actions/host/getSlashed.ts'
export * from './actions/host/registerControlledNode.ts'
export * from './actions/host/setAccepting.ts'
export * from './actions/host/setMaxSessions.ts'
export * from './actions/host/setMetadata.ts'
export * from './actions/host/setModels.ts'
export * from './actions/host/setPrice.ts'
export * from './actions/host/withdrawUnstaked.ts'
export * from './actions/marketplace/abandonClaim.ts'
export * from './actions/marketplace/autoRelease.ts'
export * from './actions/marketplace/cancelJob.ts'
export * from './actions/marketplace/challengeWork.ts'
export * from './actions/marketplace/checkpoint.ts'
export type { CheckpointEvent } from './actions/marketplace/checkpointed.ts'
export * from './actions/marketplace/checkpointMany.ts'
export * from './actions/marketplace/claimAbandonedSession.ts'
export * from './actions/marketplace/claimJob.ts'
export * from './actions/marketplace/completeJob.ts'
export * from './actions/marketplace/completeSession.ts'
export * from './actions/marketplace/completeSessionWithFinal.ts'
export * from './actions/marketplace/decideWork.ts'
export * from './actions/marketplace/depositPrepaid.ts'
export * from './actions/marketplace/disputeJob.ts'
export type { DisputeResolvedEvent } from './actions/marketplace/disputeResolved.ts'
export * from './actions/marketplace/distributeFees.ts'
export * from './actions/marketplace/finalizeSession.ts'
export { type FinalVoucher, finalTypedData } from './actions/marketplace/finalVoucher.ts'
export * from './actions/marketplace/findHosts.ts'
export * from './actions/marketplace/getAttestedWork.ts'
export * from './actions/marketplace/getEarnings.ts'
export * from './actions/marketplace/getEscrow.ts'
export * from './actions/marketplace/getHostSessions.ts'
export * from './actions/marketplace/getJob.ts'
export * from './actions/marketplace/getJobs.ts'
export * from './actions/marketplace/getNode.ts'
export * from './actions/marketplace/getSession.ts'
export { type HostQuote, quoteTypedData } from './actions/marketplace/hostQuote.ts'
export type { Job, JobStatus } from './actions/marketplace/job.ts'
export type { CompleteJobEvent } from './actions/marketplace/jobCompleted.ts'
export * from './actions/marketplace/openSession.ts'
export * from './actions/marketplace/openSessionFromDeposit.ts'
export * from './actions/marketplace/openSessionWithQuote.ts'
export type { ReleasePaymentEvent } from './actions/marketplace/paymentReleased.ts'
export * from './actions/marketplace/postJob.ts'
export * from './actions/marketplace/quoteJobPayment.ts'
export * from './actions/marketplace/quoteSettlement.ts'
export * from './actions/marketplace/refundExpiredJob.ts'
export * from './actions/marketplace/registerHost.ts'
export * from './actions/marketplace/releasePayment.ts'
export * from './actions/marketplace/requestUnstake.ts'
export * from './actions/marketplace/resolveDispute.ts'
export * from './actions/marketplace/resolveStaleDispute.ts'
export type { OpenSessionEvent } from './actions/marketplace/sessionOpened.ts'
export type { SessionSettledEvent } from './actions/marketplace/sessionSettled.ts'
export type { ProofMode, SessionTerms } from './actions/marketplace/sessionTerms.ts'
export type {
  SessionProof,
  SessionWork,
  SubmitWorkEvent,
} from './actions/marketplace/sessionWork.ts'
export * from './actions/marketplace/setCoSigner.ts'
export * from './actions/marketplace/setDefaultCoSigner.ts'
export * from './actions/marketplace/settleMany.ts'
export * from './actions/marketplace/settleSession.ts'
export * from './actions/marketplace/settleWithProof.ts'
export * from './actions/marketplace/signFinal.ts'
export * from './actions/marketplace/signQuote.ts'
export * from './actions/marketplace/signVoucher.ts'
export * from './actions/marketplace/submitResult.ts'
export * from './actions/marketplace/submitWork.ts'
export * from './actions/marketplace/submitWorkMany.ts'
export * from './actions/marketplace/timeoutSession.ts'
export * from './actions/marketplace/unregisterHost.ts'
export * from './actions/marketplace/verifyQuote.ts'
export { type Voucher, voucherTypedData } from './actions/marketplace/voucher.ts'
export * from './actions/marketplace/withdraw.ts'
export * from './actions/marketplace/withdrawAll.ts'
export * from './actions/marketplace/withdrawable.ts'
export * from './actions/models/delistModel.ts'
export * from './actions/models/findCheapestHost.ts'
export * from './actions/models/getDemand.ts'
export * from './actions/models/getModel.ts'
export * from './actions/models/getModels.ts'
export * from './actions/models/getOffers.ts'
export * from './actions/models/listModel.ts'
export * from './actions/models/quoteWork.ts'
export * from './actions/models/recordDemand.ts'
export * from './actions/models/recordModelUse.ts'
export * from './actions/models/removeOffer.ts'
export * from './actions/models/setOffer.ts'
export * from './actions/models/updateModel.ts'
export type { WorkUnit } from './actions/models/workUnit.ts'
export * from './actions/preflight.ts'
export type { PreparedCalls } from './actions/preparedCalls.ts'
export type { ChallengeClosedEvent, ChallengeStatus } from './actions/proofs/challengeClosed.ts'
export * from './actions/proofs/challengeProof.ts'
export * from './actions/proofs/expireChallenge.ts'
export { type EzklProof, encodeEzklProof } from './actions/proofs/ezklProof.ts'
export * from './actions/proofs/getChallenge.ts'
export * from './actions/proofs/getCircuit.ts'
export * from './actions/proofs/getProof.ts'
export * from './actions/proofs/getProofBinding.ts'
export * from './actions/proofs/getWithdrawableBond.ts'
export type { VerifyProofEvent } from './actions/proofs/proofVerified.ts'
export * from './actions/proofs/resolveChallenge.ts'
export * from './actions/proofs/revealEvidence.ts'
export * from './actions/proofs/submitProof.ts'
export * from './actions/proofs/verifyProof.ts'
export * from './actions/proofs/verifyProofMany.ts'
export * from './actions/proofs/withdrawBond.ts'
export * from './actions/protocol/assertRole.ts'
export * from './actions/protocol/getAcceptedToken.ts'
export * from './actions/protocol/getBreaker.ts'
export * from './actions/protocol/getProtocol.ts'
export * from './actions/protocol/hasRole.ts'
export * from './actions/reputation/getReputation.ts'
export * from './actions/reputation/rateHost.ts'
export * from './actions/reputation/recordCompletion.ts'
export * from './actions/revenue/buyBack.ts'
export * from './actions/revenue/splitRevenue.ts'
export * from './actions/revenue/withdrawableRevenue.ts'
export * from './actions/revenue/withdrawRevenue.ts'
export { getSessionKey, type SessionKeyState } from './actions/session/getSessionKey.ts'
export {
  type GrantSession,
  type GrantSessionParameters,
  grantSession,
} from './actions/session/grantSession.ts'
export { grantSessionSync } from './actions/session/grantSessionSync.ts'
export type { GrantSessionEvent } from './actions/session/installSession.ts'
export {
  type InstalledSessionKey,
  type ListSessionKeysParameters,
  listSessionKeys,
} from './actions/session/listSessionKeys.ts'
export type { SessionKeyLimit } from './actions/session/readLimit.ts'
export {
  type RevokeAllSessionsEvent,
  revokeAllSessions,
  revokeAllSessionsSync,
} from './actions/session/revokeAllSessions.ts'
export {
  type RevokeSessionEvent,
  type RevokeSessionParameters,
  revokeSession,
  revokeSessionSync,
} from './actions/session/revokeSession.ts'
export * from './actions/staking/addReward.ts'
export * from './actions/staking/claimAllRewards.ts'
export * from './actions/staking/claimRewards.ts'
export * from './actions/staking/exitEarly.ts'
export * from './actions/staking/getPositions.ts'
export * from './actions/staking/getRewards.ts'
export * from './actions/staking/getStakingTiers.ts'
export * from './actions/staking/lapsePosition.ts'
export * from './actions/staking/relock.ts'
export type { ClaimRewardsEvent } from './actions/staking/rewardClaimed.ts'
export * from './actions/staking/stake.ts'
export type { StakingTier } from './actions/staking/stakingTier.ts'
export * from './actions/staking/syncRewards.ts'
export * from './actions/staking/unstake.ts'
export * from './actions/subscriptions/cancelSubscription.ts'
export * from './actions/subscriptions/closePlan.ts'
export * from './actions/subscriptions/collectSubscription.ts'
export * from './actions/subscriptions/consumeQuota.ts'
export * from './actions/subscriptions/createPlan.ts'
export * from './actions/subscriptions/extendSubscription.ts'
export * from './actions/subscriptions/getPlan.ts'
export * from './actions/subscriptions/getSubscription.ts'
export * from './actions/subscriptions/renewSubscription.ts'
export * from './actions/subscriptions/setAutoRenew.ts'
export * from './actions/subscriptions/setMeter.ts'
export * from './actions/subscriptions/subscribe.ts'
export type { SubscribeEvent } from './actions/subscriptions/subscribed.ts'
export * from './actions/subscriptions/withdrawableSubscriptions.ts'
export * from './actions/subscriptions/withdrawSubscriptions.ts'
export type { ActionCall, SyncAction, WriteAction } from './actions/write.ts'
export {
  createFabstirClient,
  type FabstirClient,
  type FabstirClientConfig,
  type MarketplaceClient,
} from './clients/createFabstirClient.ts'
export {
  createFabstirWalletClient,
  type FabstirWalletClient,
  type FabstirWalletClientConfig,
  type WalletAccount,
  type WalletAction,
  type WalletActions,
} from './clients/createFabstirWalletClient.ts'
export { type EventActions, eventActions } from './clients/decorators/eventActions.ts'
export {
  type GovernanceActions,
  governanceActions,
} from './clients/decorators/governanceActions.ts'
export { type HostActions, hostActions } from './clients/decorators/hostActions.ts'
export type { MarketplaceActions } from './clients/decorators/marketplace.ts'
export { type ModelActions, modelActions } from './clients/decorators/modelActions.ts'
export { type ProofActions, proofActions } from './clients/decorators/proofActions.ts'
export { type ProtocolActions, protocolActions } from './clients/decorators/protocolActions.ts'
export { type RenterActions, renterActions } from './clients/decorators/renterActions.ts'
export { type RevenueActions, revenueActions } from './clients/decorators/revenueActions.ts'
export type { SessionActions } from './clients/decorators/session.ts'
export {
  type SessionKeyActions,
  sessionKeyActions,
} from './clients/decorators/sessionKeyActions.ts'
export { type StakingActions, stakingActions } from './clients/decorators/stakingActions.ts'
export {
  type SubscriptionActions,
  subscriptionActions,
} from './clients/decorators/subscriptionActions.ts'
export { addressBooks } from './contracts/addressBooks.ts'
export type { ContractName } from './contracts/contractName.ts'
export { type Model, toModelId } from './contracts/modelId.ts'
export {
  AmountError,
  InsufficientBalanceError,
  PriceRequiredError,
  TokenMismatchError,
} from './errors/amount.ts'
export { FabstirError } from './errors/base.ts'
export { CallDataError } from './errors/callData.ts'
export {
  ClientNotFoundError,
  ContractsNotFoundError,
  NonceLanesError,
  OwnerSigningError,
} from './errors/configuration.ts'
export { ContractRevertedError, EventNotFoundError } from './errors/contract.ts'
export { DurationError } from './errors/duration.ts'
export {
  HistoryIncompleteError,
  HistoryNotFoundError,
  HistoryUnstableError,
} from './errors/history.ts'
export {
  DelegationError,
  KeyNotSupportedError,
  KeySignatureError,
  PublicKeyError,
} from './errors/key.ts'
export { MetadataError } from './errors/metadata.ts'
export { RoleRequiredError } from './errors/role.ts'
export {
  OwnerNotFoundError,
  SessionArgumentNotAllowedError,
  SessionCallNotAllowedError,
  SessionGasCostExceededError,
  SessionGrantInvalidError,
  SessionKeyExpiredError,
  SessionKeyMismatchError,
  SessionKeyNotActiveError,
  SessionKeySigningError,
  SessionKeysNotSupportedError,
  SessionPayerNotAllowedError,
  SessionPolicyInvalidError,
  SessionScopeError,
  SessionSpendLimitExceededError,
  SessionUsesExhaustedError,
} from './errors/session.ts'
export { SponsorRefusedError, SponsorUnauthorizedError } from './errors/sponsor.ts'
export {
  BundlerUnreachableError,
  ChainMismatchError,
  MalformedAnswerError,
  NodeUnavailableError,
  PaymasterUnreachableError,
  RateLimitedError,
  RequestRefusedError,
  type Service,
} from './errors/transport.ts'
export {
  EntryPointRefusedError,
  NonceLaneBusyError,
  UserOperationDroppedError,
  UserOperationRevertedError,
  UserOperationTimeoutError,
  UserOperationUnansweredError,
} from './errors/userOperation.ts'
export { CoSignerNotFoundError, VoucherMismatchError } from './errors/voucher.ts'
export {
  WalletAccountNotFoundError,
  WalletAnswerError,
  WalletCallsFailedError,
  WalletChainNotSupportedError,
  WalletMethodNotSupportedError,
  WalletNotAtomicError,
  WalletNotSponsoredError,
  WalletRefusedError,
  WalletRejectedError,
  WalletTimeoutError,
  WalletUnansweredError,
} from './errors/wallet.ts'
export { CursorInvalidError, ReorganisationTooDeepError, WatchOptionError } from './errors/watch.ts'
export type { RebuiltJob } from './history/applyJobEvent.ts'
export { type AccountHistory, getAccountHistory } from './history/getAccountHistory.ts'
export { getHostHistory, type HostHistory } from './history/getHostHistory.ts'
export { getJobHistory, type JobHistory } from './history/getJobHistory.ts'
export { getSessionHistory, type SessionHistory } from './history/getSessionHistory.ts'
export type { HistoryEvent } from './history/historyEvents.ts'
export type { LedgerEntry } from './history/ledgerEntry.ts'
export type { AsOf, HistoryOptions } from './history/readHistory.ts'
export { type HostMetadata, parseMetadata, serializeMetadata } from './host/metadata.ts'
export type { OperationStorage } from './operations/sentOperations.ts'
export {
  type WaitClient,
  type WaitForOperationParameters,
  waitForOperation,
} from './operations/waitForOperation.ts'
export { type FailoverConfig, failover } from './transports/failover.ts'
export type { AccountReadClient, CallSender, ReadClient, WriteClient } from './types/client.ts'
export { eth, fab, type Token, type TokenAmount, type TokenSymbol, usdc } from './units/amounts.ts'
export { type Duration, toSeconds } from './units/duration.ts'
export type { WalletCalls, WalletPaymasterService } from './wallets/walletSender.ts'
export type {
  ContractEvent,
  ContractEvents,
  EventFilter,
  FollowedEvent,
} from './watch/contractEvent.ts'
export type { EventCursor } from './watch/cursor.ts'
export { balanceEvents, hostEvents, jobEvents, sessionEvents } from './watch/events.ts'
export type { Retry } from './watch/follow.ts'
export {
  type EventBatch,
  type FollowEventsParameters,
  type FollowOptions,
  followEvents,
} from './watch/followEvents.ts'
export type { Confirmations } from './watch/rpcReader.ts'
export {
  type Unwatch,
  type WatchEventsParameters,
  type WatchFailure,
  type WatchHandlers,
  type WatchOptions,
  watchEvents,
} from './watch/watchEvents.ts'
export { type WatchHostsParameters, watchHosts } from './watch/watchHosts.ts'
export { type WatchJobsParameters, watchJobs } from './watch/watchJobs.ts'
export { type WatchSessionsParameters, watchSessions } from './watch/watchSessions.ts'
