import type { Address } from 'viem'
import type { DeployClients } from './create2.ts'
import { createDeployer } from './deployer.ts'
import type { DeployParameters } from './deployFabstir.ts'

export type DeploySponsorPaymasterParameters = DeployClients &
  Pick<DeployParameters, 'sponsor'> & {
    /** Any EntryPoint since 0.7: one that the accounts of this project do not use, 0.7 among them. */
    entryPoint: Address
    /** EntryPoint 0.9: takes signatures outside of the hash as well. */
    parallelSigning?: boolean
  }

/**
 * Deploys a SponsorPaymaster by itself, by CREATE2, or finds it: for accounts of others on another EntryPoint.
 * @throws DeploymentFailedError when it does not arrive.
 */
export async function deploySponsorPaymaster({
  entryPoint,
  sponsor,
  parallelSigning = false,
  ...clients
}: DeploySponsorPaymasterParameters): Promise<Address> {
  const name = parallelSigning ? 'ParallelSponsorPaymaster' : 'SponsorPaymaster'
  const { signers, operator, treasury } = sponsor
  return createDeployer(clients).plain(name, [entryPoint, ...signers, operator, treasury])
}
