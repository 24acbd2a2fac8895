import type { Address } from 'viem'
import type { EntryPointDeployment } from '../addressBook.ts'
import type { Deployer } from './deployer.ts'
import type { DeployParameters } from './deployFabstir.ts'

/** Accounts and paymasters, once for each EntryPoint. */
export async function deployEntryPoints(
  { plain }: Deployer,
  {
    entryPoints,
    sponsor,
    treasury,
    quoteSigner,
  }: Pick<DeployParameters, 'entryPoints' | 'sponsor' | 'treasury' | 'quoteSigner'>,
  {
    marketplace,
    registry,
    timelock,
  }: { marketplace: Address; registry: Address; timelock: Address },
): Promise<EntryPointDeployment[]> {
  const deployments: EntryPointDeployment[] = []
  for (const { address: entryPoint, version } of entryPoints) {
    const each = (name: Parameters<typeof plain>[0], args: readonly unknown[]) =>
      plain(name, args, `${name} ${version}`)
    const sponsorPaymaster = await each('SponsorPaymaster', [
      entryPoint,
      ...sponsor.signers,
      sponsor.operator,
      sponsor.treasury,
    ])
    const tokenPaymaster = await each('TokenPaymaster', [
      entryPoint,
      timelock,
      treasury,
      quoteSigner,
    ])
    const accountImplementation = await each('FabstirAccount', [entryPoint, marketplace, registry])
    const accountFactory = await each('FabstirAccountFactory', [accountImplementation])
    deployments.push({
      entryPoint,
      entryPointVersion: version,
      accountFactory,
      accountImplementation,
      sponsorPaymaster,
      tokenPaymaster,
    })
  }
  return deployments
}
