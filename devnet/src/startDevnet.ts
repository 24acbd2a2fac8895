import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AddressBook, sponsorsOf } from '@fabstir/contracts/addressBook'
import { chainPreset, codeIsCurrent, deployFabstir } from '@fabstir/contracts/deploy'
import {
  type Account,
  type Chain,
  createPublicClient,
  createWalletClient,
  http,
  parseEther,
} from 'viem'
import { foundry } from 'viem/chains'
import { compileContracts } from './compileContracts.ts'
import { installEntryPoints } from './entryPoints/installEntryPoints.ts'
import { fundSponsors } from './fundSponsors.ts'
import { devnetAccounts } from './keys.ts'
import { devnetChainId, startAnvil } from './processes/anvil.ts'
import { assertPortFree } from './processes/assertPortFree.ts'
import { type BundlerProcessOptions, startBundlerProcess } from './processes/bundlerProcess.ts'
import type { ChildService } from './processes/childService.ts'
import { startPaymasterProcess } from './processes/paymasterProcess.ts'

export type DevnetParameters = {
  /** 0, the default, takes a free port. */
  chainPort?: number
  bundlerPort?: number
  paymasterPort?: number
  /** Seconds between blocks; by default each transaction is mined at once. */
  blockTime?: number
  /** `manual` bundles only when `debug_bundler_sendBundleNow` is called. */
  bundleMode?: BundlerProcessOptions['bundleMode']
  /** Deposit of each SponsorPaymaster at its EntryPoint, in wei; 10 ETH by default. */
  sponsorDeposit?: bigint
  /** Most bytes of a contract's code, for test builds above the 24,576 of EIP-170. */
  codeSizeLimit?: number
  /** Called with one line for each part that comes up. */
  onProgress?: (line: string) => void
}

export type Devnet = {
  /** Brings the address book along for the SDK, as `custom.fabstir`. */
  chain: Chain
  rpcUrl: string
  bundlerUrl: string
  paymasterUrl: string
  contracts: AddressBook
  services: { chain: ChildService; bundler: ChildService; paymaster: ChildService }
  /** Starts the bundler again on its store and port, after it was ended or killed. */
  restartBundler(): Promise<void>
  /** Ends all processes and removes their stores. */
  close(): Promise<void>
}

/**
 * Brings the whole stack up on loopback: anvil, the four EntryPoints, the contracts, the bundler and the
 * paymaster service, each service with its own SQLite store in a temporary folder.
 * @throws PortTakenError, CompileError, ServiceStartError; nothing is left running then.
 */
export async function startDevnet(parameters: DevnetParameters = {}): Promise<Devnet> {
  const { chainPort = 0, bundlerPort = 0, paymasterPort = 0, onProgress } = parameters
  const { blockTime, codeSizeLimit } = parameters
  await assertPortFree(chainPort, 'chain-port')
  await assertPortFree(bundlerPort, 'bundler-port')
  await assertPortFree(paymasterPort, 'paymaster-port')
  if (!(await codeIsCurrent())) {
    onProgress?.('compiling the contracts, whose sources were changed')
    await compileContracts()
  }

  const stores = await mkdtemp(join(tmpdir(), 'fabstir-devnet-'))
  const running: ChildService[] = []
  const keep = (service: ChildService) => {
    running.push(service)
    return service
  }
  const close = async () => {
    // Services before the chain they read.
    for (const service of running.toReversed()) await service.stop()
    await rm(stores, { recursive: true, force: true })
  }

  try {
    const anvil = keep(
      await startAnvil({
        port: chainPort,
        ...(blockTime === undefined ? {} : { blockTime }),
        ...(codeSizeLimit === undefined ? {} : { codeSizeLimit }),
      }),
    )
    onProgress?.(`chain               ${anvil.url}`)
    await installEntryPoints({ rpcUrl: anvil.url })
    onProgress?.('EntryPoints         0.6, 0.7, 0.8, 0.9 at their canonical addresses')
    const contracts = await deployContracts(anvil.url, parameters.sponsorDeposit)
    onProgress?.(`contracts           marketplace ${contracts.marketplace}`)

    const bundlerOptions: BundlerProcessOptions = {
      rpcUrl: anvil.url,
      port: bundlerPort,
      store: join(stores, 'bundler.sqlite'),
      trustedEntities: sponsorsOf(contracts).map(({ sponsorPaymaster }) => sponsorPaymaster),
      ...(parameters.bundleMode === undefined ? {} : { bundleMode: parameters.bundleMode }),
    }
    const bundler = keep(await startBundlerProcess(bundlerOptions))
    onProgress?.(`bundler             ${bundler.url}`)
    const paymaster = keep(
      await startPaymasterProcess({
        rpcUrl: anvil.url,
        bundlerUrl: bundler.url,
        port: paymasterPort,
        folder: stores,
        contracts,
      }),
    )
    const sponsored = sponsorsOf(contracts).map(({ entryPointVersion }) => entryPointVersion)
    onProgress?.(
      `paymaster service   ${paymaster.url} for EntryPoints ${sponsored.toSorted().join(', ')}`,
    )

    const services = { chain: anvil, bundler, paymaster }
    return {
      chain: { ...devnetChain(anvil.url), custom: { fabstir: contracts } },
      rpcUrl: anvil.url,
      bundlerUrl: bundler.url,
      paymasterUrl: paymaster.url,
      contracts,
      services,
      async restartBundler() {
        const port = Number(new URL(bundler.url).port)
        services.bundler = keep(await startBundlerProcess({ ...bundlerOptions, port }))
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

const devnetChain = (rpcUrl: string): Chain => ({
  ...foundry,
  rpcUrls: { default: { http: [rpcUrl] } },
})

async function deployContracts(
  rpcUrl: string,
  sponsorDeposit = parseEther('10'),
): Promise<AddressBook> {
  const chain = devnetChain(rpcUrl)
  const transport = http(rpcUrl)
  const { deployer, council, treasury, sponsorOperator, ...sponsorKeys } = devnetAccounts
  const clientsOf = (account: Account) => ({
    publicClient: createPublicClient({ chain, transport, pollingInterval: 50 }),
    walletClient: createWalletClient({ account, chain, transport, pollingInterval: 50 }),
  })
  const { entryPoints, otherEntryPoints } = chainPreset(devnetChainId)
  const contracts = await deployFabstir({
    ...clientsOf(deployer),
    entryPoints,
    otherEntryPoints,
    treasury: treasury.address,
    fabHolder: deployer.address,
    guardians: [council.address],
    arbiter: council.address,
    resolvers: [council.address],
    quoteSigner: council.address,
    sponsor: {
      signers: [sponsorKeys.sponsorSigner.address, sponsorKeys.sponsorSpareSigner.address],
      operator: sponsorOperator.address,
      treasury: treasury.address,
    },
  })
  await fundSponsors(clientsOf(sponsorOperator), contracts, sponsorDeposit)
  return contracts
}
