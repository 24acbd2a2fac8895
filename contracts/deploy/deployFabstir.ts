import {
  type Abi,
  type Address,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseEther,
  parseUnits,
  stringToHex,
  zeroAddress,
} from 'viem'
import type { AddressBook, EntryPointDeployment } from '../addressBook.ts'
import { type ArtifactName, readArtifact } from './artifact.ts'
import { create2, type DeployClients, hasCode } from './create2.ts'

export type DeployParameters = DeployClients & {
  /** EntryPoints that accounts get a factory and a SponsorPaymaster for; the first is the default. */
  entryPoints: readonly { address: Address; version: '0.8' | '0.9' }[]
  /** May propose to the timelock and execute what it has let pass. */
  governance: Address
  /** Seconds between proposal and execution; two days by default. */
  timelockDelay?: bigint
  treasury: Address
  stakers: Address
  /** Receives the whole FAB supply. */
  fabHolder: Address
  /** Existing USDC; absent on chain 31337, where a test USDC is deployed. */
  usdc?: Address
  sponsor: { signers: readonly [Address, Address]; operator: Address; treasury: Address }
  /** Called before each contract. */
  onProgress?: (contract: string) => void
}

/** FAB in circulation: 10 million. */
export const fabSupply = parseEther('10000000')

const twoDays = 172_800n
const proxySalt = (name: string) => keccak256(stringToHex(`fabstir.${name}.1`))

/**
 * Deploys and wires all contracts by CREATE2. Running it again deploys nothing and returns the same book.
 * @throws ArtifactMissingError before `pnpm compile`, DeploymentFailedError when a contract does not arrive.
 */
export async function deployFabstir(parameters: DeployParameters): Promise<AddressBook> {
  const { publicClient, walletClient, governance, sponsor, onProgress } = parameters
  const chainId = await publicClient.getChainId()
  const deploy = async (name: ArtifactName, args: readonly unknown[] = []) => {
    onProgress?.(name)
    return create2(parameters, { name, initCode: await initCodeOf(name, args) })
  }

  const fab = await deploy('FabToken', [parameters.fabHolder, fabSupply])
  const usdc = parameters.usdc ?? (await deploy('TestUsdc'))
  const timelock = await deploy('Timelock', [
    parameters.timelockDelay ?? twoDays,
    [governance],
    [governance],
    zeroAddress,
  ])

  const proxyDeployer = await deploy('ProxyDeployer')
  const proxies = { proxyDeployer, publicClient, walletClient }
  const registry = await predictProxy(proxies, 'NodeRegistry')
  const marketplace = await predictProxy(proxies, 'JobMarketplace')

  const deployments: EntryPointDeployment[] = []
  for (const { address: entryPoint, version } of parameters.entryPoints) {
    const sponsorPaymaster = await deploy('SponsorPaymaster', [
      entryPoint,
      ...sponsor.signers,
      sponsor.operator,
      sponsor.treasury,
    ])
    const accountImplementation = await deploy('FabstirAccount', [
      entryPoint,
      marketplace,
      registry,
    ])
    const accountFactory = await deploy('FabstirAccountFactory', [accountImplementation])
    deployments.push({
      entryPoint,
      entryPointVersion: version,
      accountFactory,
      accountImplementation,
      sponsorPaymaster,
    })
  }

  const registryCode = await deploy('NodeRegistry')
  const marketplaceCode = await deploy('JobMarketplace')
  await deployProxy(proxies, {
    name: 'NodeRegistry',
    implementation: registryCode,
    initializerArgs: [timelock, fab, marketplace],
  })
  await deployProxy(proxies, {
    name: 'JobMarketplace',
    implementation: marketplaceCode,
    initializerArgs: [
      timelock,
      registry,
      parameters.treasury,
      parameters.stakers,
      [
        { token: zeroAddress, minimum: parseEther('0.0001'), maximum: parseEther('1000') },
        { token: usdc, minimum: parseUnits('0.5', 6), maximum: parseUnits('1000000', 6) },
      ],
      deployments.map(({ entryPoint, sponsorPaymaster }) => ({
        entryPoint,
        paymaster: sponsorPaymaster,
      })),
    ],
  })

  return { chainId, fab, usdc, timelock, registry, marketplace, deployments }
}

async function initCodeOf(name: ArtifactName, args: readonly unknown[]): Promise<Hex> {
  const { abi, bytecode } = await readArtifact(name)
  return encodeDeployData({ abi, bytecode, args })
}

type Proxies = DeployClients & { proxyDeployer: Address }

async function predictProxy(
  { publicClient, walletClient, proxyDeployer }: Proxies,
  name: ArtifactName,
): Promise<Address> {
  const { abi } = await readArtifact('ProxyDeployer')
  const predicted = await publicClient.readContract({
    address: proxyDeployer,
    abi,
    functionName: 'predict',
    args: [walletClient.account.address, proxySalt(name)],
  })
  return predicted as Address
}

async function deployProxy(
  proxies: Proxies,
  {
    name,
    implementation,
    initializerArgs,
  }: { name: ArtifactName; implementation: Address; initializerArgs: readonly unknown[] },
): Promise<void> {
  const { publicClient, walletClient, proxyDeployer } = proxies
  const proxy = await predictProxy(proxies, name)
  if (await hasCode(publicClient, proxy)) return
  const { abi: implementationAbi } = await readArtifact(name)
  const { abi } = await readArtifact('ProxyDeployer')
  const initData = encodeFunctionData({
    abi: implementationAbi as Abi,
    functionName: 'initialize',
    args: initializerArgs,
  })
  const { request } = await publicClient.simulateContract({
    account: walletClient.account,
    address: proxyDeployer,
    abi,
    functionName: 'deploy',
    args: [proxySalt(name), implementation, initData],
  })
  const hash = await walletClient.writeContract(request)
  await publicClient.waitForTransactionReceipt({ hash, pollingInterval: 50 })
}
