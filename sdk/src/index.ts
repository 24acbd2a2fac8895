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
export {
  type CheckpointEvent,
  type CheckpointParameters,
  checkpoint,
  checkpointSync,
} from './actions/marketplace/checkpoint.ts'
export {
  type ClaimJobEvent,
  type ClaimJobParameters,
  claimJob,
  claimJobSync,
} from './actions/marketplace/claimJob.ts'
export {
  type CompleteJobEvent,
  type CompleteJobParameters,
  completeJob,
  completeJobSync,
} from './actions/marketplace/completeJob.ts'
export {
  type CompleteSessionEvent,
  type CompleteSessionParameters,
  completeSession,
  completeSessionSync,
} from './actions/marketplace/completeSession.ts'
export {
  type FinalizeSessionParameters,
  finalizeSession,
  finalizeSessionSync,
} from './actions/marketplace/finalizeSession.ts'
export {
  type FindHostsParameters,
  type FoundHost,
  findHosts,
} from './actions/marketplace/findHosts.ts'
export { getJob, type Job, type JobStatus } from './actions/marketplace/getJob.ts'
export { type GetNodeParameters, getNode, type HostNode } from './actions/marketplace/getNode.ts'
export { getSession, type Session, type SessionStatus } from './actions/marketplace/getSession.ts'
export {
  type OpenSessionEvent,
  type OpenSessionParameters,
  openSession,
  openSessionSync,
} from './actions/marketplace/openSession.ts'
export {
  type PostJobEvent,
  type PostJobParameters,
  postJob,
  postJobSync,
} from './actions/marketplace/postJob.ts'
export {
  type RegisterHostEvent,
  type RegisterHostParameters,
  registerHost,
  registerHostSync,
} from './actions/marketplace/registerHost.ts'
export {
  type ReleasePaymentEvent,
  type ReleasePaymentParameters,
  releasePayment,
  releasePaymentSync,
} from './actions/marketplace/releasePayment.ts'
export {
  type RequestUnstakeEvent,
  type RequestUnstakeParameters,
  requestUnstake,
  requestUnstakeSync,
} from './actions/marketplace/requestUnstake.ts'
export type { SessionSettledEvent } from './actions/marketplace/sessionSettled.ts'
export {
  type SettleSessionParameters,
  settleSession,
  settleSessionSync,
} from './actions/marketplace/settleSession.ts'
export { type SignVoucherParameters, signVoucher } from './actions/marketplace/signVoucher.ts'
export {
  type SubmitResultParameters,
  submitResult,
  submitResultSync,
} from './actions/marketplace/submitResult.ts'
export {
  type UnregisterHostEvent,
  type UnregisterHostParameters,
  unregisterHost,
  unregisterHostSync,
} from './actions/marketplace/unregisterHost.ts'
export { type Voucher, voucherTypedData } from './actions/marketplace/voucher.ts'
export {
  type WithdrawEvent,
  type WithdrawParameters,
  withdraw,
  withdrawSync,
} from './actions/marketplace/withdraw.ts'
export { withdrawable } from './actions/marketplace/withdrawable.ts'
export type { PreparedCalls } from './actions/preparedCalls.ts'
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
export type { ActionCall, SyncAction, WriteAction } from './actions/write.ts'
export {
  createFabstirClient,
  type FabstirClient,
  type FabstirClientConfig,
} from './clients/createFabstirClient.ts'
export type { MarketplaceActions } from './clients/decorators/marketplace.ts'
export type { SessionActions } from './clients/decorators/session.ts'
export { addressBooks } from './contracts/addressBooks.ts'
export { AmountError, InsufficientBalanceError, TokenMismatchError } from './errors/amount.ts'
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
  DelegationError,
  KeyNotSupportedError,
  KeySignatureError,
  PublicKeyError,
} from './errors/key.ts'
export { MetadataError } from './errors/metadata.ts'
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
  type Service,
} from './errors/transport.ts'
export {
  EntryPointRefusedError,
  UserOperationDroppedError,
  UserOperationRevertedError,
  UserOperationTimeoutError,
  UserOperationUnansweredError,
} from './errors/userOperation.ts'
export { CoSignerNotFoundError, VoucherMismatchError } from './errors/voucher.ts'
export { type HostMetadata, parseMetadata, serializeMetadata } from './host/metadata.ts'
export {
  type WaitClient,
  type WaitForOperationParameters,
  waitForOperation,
} from './operations/waitForOperation.ts'
export type { ReadClient, WriteClient } from './types/client.ts'
export { eth, fab, type Token, type TokenAmount, type TokenSymbol, usdc } from './units/amounts.ts'
export { type Duration, toSeconds } from './units/duration.ts'
