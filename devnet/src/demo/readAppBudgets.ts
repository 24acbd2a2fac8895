import { setTimeout } from 'node:timers/promises'
import type { PublicClient } from 'viem'
import { slice } from 'viem'
import { type AppName, adminKey, apiKeys } from '../apps.ts'
import type { AppBudget } from '../report/demoReport.ts'
import type { Devnet } from '../startDevnet.ts'
import { readCharges } from './readCharges.ts'
import { type AppAccount, readAppAccount, readUsageReport } from './serviceUsage.ts'

/** Milliseconds for which settlement is waited for; the service looks at the chain ten times a second. */
const settlementTimeout = 10_000
const pause = 25

type Paymaster = Pick<Devnet, 'paymasterUrl'>

/**
 * The app's account once nothing is held back for operations that are under way.
 * After ten seconds it is returned as it is: a reservation that nobody used ends with its signature.
 */
export async function settledAccount(
  { paymasterUrl }: Paymaster,
  app: AppName,
): Promise<AppAccount> {
  const deadline = performance.now() + settlementTimeout
  while (true) {
    const account = await readAppAccount(paymasterUrl, apiKeys[app])
    if (account.reserved === 0n || performance.now() > deadline) return account
    await setTimeout(pause)
  }
}

/** What the service says of the budget of each app, beside what the chain says that its policy was charged. */
export async function readAppBudgets(
  { paymasterUrl, contracts }: Pick<Devnet, 'paymasterUrl' | 'contracts'>,
  publicClient: PublicClient,
): Promise<AppBudget[]> {
  const apps = Object.keys(apiKeys) as AppName[]
  const accounts = await Promise.all(
    apps.map(async (app) => ({ app, ...(await settledAccount({ paymasterUrl }, app)) })),
  )
  const report = await readUsageReport(paymasterUrl, adminKey)
  const charges = await readCharges(publicClient, contracts)
  return accounts.map(({ policyHash, ...account }) => {
    const ofPolicy = charges.filter((charge) => charge.policyHash === slice(policyHash, 0, 16))
    const reported = report.find(({ app }) => app === account.app)
    return {
      ...account,
      reported: reported?.wei ?? 0n,
      operations: reported?.settled ?? 0,
      charged: ofPolicy.reduce((sum, { actualGasCost }) => sum + actualGasCost, 0n),
      chargedOperations: ofPolicy.length,
    }
  })
}
