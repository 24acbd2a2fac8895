import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deploySponsorPaymaster } from '@fabstir/contracts/deploy'
import type { Address, Hex } from 'viem'
import { parseEther } from 'viem'
import { entryPoint08Address, entryPoint09Address } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { fundSponsors } from '../../../devnet/src/fundSponsors.ts'
import { devnetAccounts } from '../../../devnet/src/keys.ts'
import { startBundlerProcess } from '../../../devnet/src/processes/bundlerProcess.ts'
import type { ChildService } from '../../../devnet/src/processes/childService.ts'
import { startChildService } from '../../../devnet/src/processes/childService.ts'
import { commandOf } from '../../../devnet/src/processes/commandOf.ts'
import type { PolicyDocument } from '../../../paymaster-service/src/service.ts'
import type { Stack } from '../paymasterFixture.ts'
import { deploymentOf, serviceOptions, signerKey, startStack } from '../paymasterFixture.ts'

/** What an app pays for, where it is something else than the default. Its policy has its name. */
export type Apps = Record<string, Partial<PolicyDocument>>

/** Key of an app's users. */
export const keyOf = (app: string) => `${app}-key-that-users-have`

export type AbuseStack = Stack & {
  /** Starts a bundler as a process when it is asked for first. */
  bundlerUrl(): Promise<string>
  /** The paymaster service as a process of its own. */
  service: ChildService
  /** Paymaster of an EntryPoint: on 0.9 one that takes signatures in both forms. */
  paymasterOf(entryPoint: Address): Address
  /** Every paymaster whose deposit may pay. Tests that deploy one add it. */
  payers: { entryPoint: Address; paymaster: Address }[]
  /** Another instance. */
  startService(options?: ServiceProcessOptions): Promise<ChildService>
  close(): Promise<void>
}

type ServiceProcessOptions = {
  /** Options of the service beside those of the stack. */
  options?: Record<string, unknown>
  /** Signing keys beside the one that the paymasters know. */
  moreKeys?: readonly Hex[]
  /** Seconds that the clock of the process is ahead. */
  clockAhead?: number
}

/** Chain, bundler and paymaster service, the services as processes, with a policy of its own for each app. */
export async function startAbuseStack(
  apps: Apps,
  first: ServiceProcessOptions = {},
): Promise<AbuseStack> {
  const folder = mkdtempSync(join(tmpdir(), 'fabstir-abuse-'))
  const stack = await startStack()
  const running: ChildService[] = []
  let services = 0
  const close = async () => {
    for (const each of running.toReversed()) await each.stop()
    await stack.anvil.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const paymasterOf = (entryPoint: Address) =>
      deploymentOf(stack.contracts, entryPoint).sponsorPaymaster
    async function startService({
      options = {},
      moreKeys = [],
      clockAhead = 0,
    }: ServiceProcessOptions = {}) {
      const config = join(folder, `paymaster-${services++}.json`)
      const { signerKey: _, ...rest } = serviceOptions(stack)
      const own = Object.entries(apps).map(([id, terms]) => ({ ...policyOf(stack), id, ...terms }))
      writeFileSync(
        config,
        JSON.stringify({
          ...rest,
          parallelSigning: true,
          // The webhooks of these tests are on loopback.
          allowPrivateWebhooks: true,
          policies: own,
          apps: own.map(({ id }) => ({ name: id, apiKey: keyOf(id), policies: [id] })),
          ...options,
        }),
      )
      const { command, args } = commandOf('@fabstir/paymaster-service')
      const service = await startChildService({
        name: 'paymaster service',
        command,
        args: [...clockOf(clockAhead), ...args, 'serve', '--config', config],
        env: { FABSTIR_PAYMASTER_SIGNER_KEY: [signerKey, ...moreKeys].join() },
        ready: /listening on (http:\/\/127\.0\.0\.1:\d+)/,
      })
      running.push(service)
      return service
    }
    let bundler: Promise<ChildService> | undefined
    // Not every file sends something.
    const bundlerUrl = async () => {
      bundler ??= startBundlerProcess({
        rpcUrl: stack.anvil.url,
        port: 0,
        store: join(folder, 'bundler.sqlite'),
        trustedEntities: [entryPoint08Address, entryPoint09Address].map(paymasterOf),
      }).then((each) => {
        running.push(each)
        return each
      })
      return (await bundler).url
    }
    const service = await startService(first)
    const payers = [entryPoint08Address, entryPoint09Address].map((entryPoint) => ({
      entryPoint,
      paymaster: paymasterOf(entryPoint),
    }))
    return { ...stack, bundlerUrl, service, paymasterOf, payers, startService, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The default policy of the marketplace, within the caps of the other system tests. */
function policyOf(stack: Stack): PolicyDocument {
  const { policies } = serviceOptions(stack)
  const [document] = policies as readonly PolicyDocument[]
  if (!document) throw new RangeError('the options have no policy')
  return document
}

/** A machine whose clock is wrong. */
function clockOf(ahead: number): string[] {
  if (ahead === 0) return []
  const code = `const right = Date.now; Date.now = () => right() + ${ahead * 1_000}`
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`]
}

/** Deploys and funds a SponsorPaymaster on 0.9 with the signers of the one that is there, and counts it among the payers. */
export async function addPlainSponsor(stack: AbuseStack): Promise<Address> {
  const { sponsorSpareSigner, sponsorOperator, treasury } = devnetAccounts
  const { publicClient, walletClient, contracts, payers } = stack
  const entryPoint = entryPoint09Address
  const paymaster = await deploySponsorPaymaster({
    ...{ publicClient, walletClient, entryPoint },
    sponsor: {
      signers: [privateKeyToAccount(signerKey).address, sponsorSpareSigner.address],
      operator: sponsorOperator.address,
      treasury: treasury.address,
    },
  })
  const deployment = { ...deploymentOf(contracts, entryPoint), sponsorPaymaster: paymaster }
  await fundSponsors(stack, { deployments: [deployment] }, parseEther('5'))
  payers.push({ entryPoint, paymaster })
  return paymaster
}
