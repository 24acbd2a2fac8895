import type { Address } from 'viem'
import type { EntryPointDeployment, SponsorDeployment } from '../addressBook.ts'
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
    const sponsorPaymaster = await each(
      version === '0.9' ? 'ParallelSponsorPaymaster' : 'SponsorPaymaster',
      sponsorArguments(entryPoint, sponsor),
    )
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

/** SponsorPaymasters by themselves, for accounts of others. */
export async function deployOtherSponsors(
  { plain }: Deployer,
  { otherEntryPoints = [], sponsor }: Pick<DeployParameters, 'otherEntryPoints' | 'sponsor'>,
): Promise<SponsorDeployment[]> {
  const sponsors: SponsorDeployment[] = []
  for (const { address: entryPoint, version } of otherEntryPoints) {
    const args = sponsorArguments(entryPoint, sponsor)
    sponsors.push({
      entryPoint,
      entryPointVersion: version,
      sponsorPaymaster: await plain('SponsorPaymaster', args, `SponsorPaymaster ${version}`),
    })
  }
  return sponsors
}

const sponsorArguments = (
  entryPoint: Address,
  { signers, operator, treasury }: DeployParameters['sponsor'],
) => [entryPoint, ...signers, operator, treasury]
