export { SignerNotSetError } from '../errors/signer.ts'
export type { EthersProvider, HeadlessConfig, HeadlessProvider } from './connection.ts'
export {
  FabstirLLMSDK,
  type JobSubmissionParams,
  type LLMEvents,
} from './fabstirLLMSDK.ts'
export { FabstirSDKHeadless, type HeadlessEvents } from './fabstirSDKHeadless.ts'
export { HeadlessContractManager, type HeadlessTransaction } from './headlessContractManager.ts'
export type { JobPhase, JobState } from './jobState.ts'
export type { Amount, JobDetails, JobRequirements, PaymentToken } from './jobTypes.ts'
export type { EthersSigner, HeadlessSigner } from './toOwner.ts'
