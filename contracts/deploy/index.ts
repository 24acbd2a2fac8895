export { type AccountCode, readAccountCode } from './accountCode.ts'
export {
  ArtifactMissingError,
  type ArtifactName,
  artifactNames,
  type CodeName,
  readArtifact,
} from './artifact.ts'
export { codeIsCurrent, readCode } from './code.ts'
export { type DeployClients, DeploymentFailedError, deterministicDeployer } from './create2.ts'
export { type DeployParameters, deployFabstir, fabSupply } from './deployFabstir.ts'
export {
  deploymentPath,
  findDeploymentBlock,
  readDeploymentFile,
  recordContracts,
  writeDeploymentFile,
} from './deploymentFile.ts'
export {
  type DeploySponsorPaymasterParameters,
  deploySponsorPaymaster,
} from './deploySponsorPaymaster.ts'
export { deploySuccessor, type SuccessorParameters } from './deploySuccessor.ts'
export { PreflightError, preflight } from './preflight.ts'
export { type ChainPreset, chainPreset, chainPresets, UnknownChainError } from './presets.ts'
