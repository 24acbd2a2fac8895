export { type AccountCode, readAccountCode } from './accountCode.ts'
export { ArtifactMissingError, type ArtifactName, artifactNames, readArtifact } from './artifact.ts'
export { type DeployClients, DeploymentFailedError, deterministicDeployer } from './create2.ts'
export { type DeployParameters, deployFabstir, fabSupply } from './deployFabstir.ts'
