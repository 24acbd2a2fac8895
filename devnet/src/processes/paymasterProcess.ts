import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AddressBook, sponsorsOf } from '@fabstir/contracts/addressBook'
import { type AccountCode, readAccountCode } from '@fabstir/contracts/deploy'
import { defaultMarketplacePolicy, type PaymasterServiceOptions } from '@fabstir/paymaster-service'
import { createPublicClient, http } from 'viem'
import {
  type AppName,
  adminKey,
  apiKeys,
  budgets,
  budgetWindows,
  caps,
  policyIds,
} from '../apps.ts'
import { devnetAccounts, privateKeyOf } from '../keys.ts'
import { type ChildService, startChildService } from './childService.ts'
import { commandOf } from './commandOf.ts'

export type PaymasterProcessOptions = {
  rpcUrl: string
  /** Estimates gas for `pm_sponsorUserOperation`. */
  bundlerUrl: string
  /** 0 takes a free one. */
  port: number
  /** Where configuration and store are written. */
  folder: string
  contracts: AddressBook
}

/** Starts the paymaster service's own command line with the devnet's two apps. */
export async function startPaymasterProcess(
  options: PaymasterProcessOptions,
): Promise<ChildService> {
  const configFile = join(options.folder, 'paymaster.json')
  const client = createPublicClient({ transport: http(options.rpcUrl) })
  const accounts = await readAccountCode(client, options.contracts)
  const config = serviceConfig(options, accounts)
  await writeFile(configFile, JSON.stringify(config, null, 2), { mode: 0o600 })
  const { command, args } = commandOf('@fabstir/paymaster-service')
  return startChildService({
    name: 'paymaster service',
    command,
    args: [...args, '--config', configFile],
    env: { FABSTIR_PAYMASTER_SIGNER_KEY: privateKeyOf(devnetAccounts.sponsorSigner) },
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
  })
}

function serviceConfig(
  { rpcUrl, bundlerUrl, port, folder, contracts }: PaymasterProcessOptions,
  accounts: AccountCode,
): Omit<PaymasterServiceOptions, 'signer' | 'signerKey'> {
  const { chainId, marketplace, registry, proofSystem, fab, usdc, deployments } = contracts
  const apps = Object.keys(apiKeys) as AppName[]
  const policyOf = (app: AppName) =>
    defaultMarketplacePolicy({
      id: policyIds[app],
      budgetWei: budgets[app],
      budgetWindow: budgetWindows[app],
      operationWei: caps.operation,
      maxFeePerGas: caps.maxFeePerGas,
      userDayWei: caps.userDay,
      chainId,
      marketplace,
      registry,
      proofSystem,
      fab,
      usdc,
      entryPoints: deployments.map(({ entryPoint }) => entryPoint),
      factories: deployments.map(({ accountFactory }) => accountFactory),
      delegates: deployments.map(({ accountImplementation }) => accountImplementation),
      accounts,
    })
  return {
    rpcUrl,
    chainId,
    bundlerUrl,
    paymasters: Object.fromEntries(
      sponsorsOf(contracts).map(({ entryPoint, sponsorPaymaster }) => [
        entryPoint,
        sponsorPaymaster,
      ]),
    ),
    parallelSigning: true,
    apps: apps.map((name) => ({ name, apiKey: apiKeys[name], policies: [policyIds[name]] })),
    policies: apps.map(policyOf),
    administrators: [{ name: 'devnet', key: adminKey }],
    store: `sqlite:${join(folder, 'paymaster.sqlite')}`,
    port,
    // The embedded chain mines at once: what it has mined does not come undone.
    confirmations: 0,
    pollingIntervalMs: 100,
    logLevel: 'warn',
  }
}
