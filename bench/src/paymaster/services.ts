import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseEther } from 'viem'
import type { ChildService } from '../../../devnet/src/processes/childService.ts'
import { startChildService } from '../../../devnet/src/processes/childService.ts'
import { commandOf } from '../../../devnet/src/processes/commandOf.ts'
import { maxWindowSeconds } from '../../../paymaster-service/src/sponsorship/sponsor.ts'
import { startPostgres } from '../../../paymaster-service/src/testing/postgresServer.ts'
import type { Stack } from '../../../test/system/paymasterFixture.ts'
import { apiKey, serviceOptions, signerKey } from '../../../test/system/paymasterFixture.ts'

export const contestants = ['sqlite', 'postgres', 'mock-paymaster'] as const
/** The service on one of its stores, or its peer. */
export type Contestant = (typeof contestants)[number]

export type RunningContestant = {
  name: Contestant
  url: string
  headers: Record<string, string>
  /** Processes whose CPU time is its own. */
  pid: number
  stop(): Promise<void>
}

/** Starts one as it is run in production, in a process of its own. `folder` is for its files. */
export async function startContestant(
  name: Contestant,
  stack: Stack,
  folder: string,
): Promise<RunningContestant> {
  if (name === 'mock-paymaster') return running(name, await startMock(stack), {})
  const headers = { authorization: `Bearer ${apiKey}` }
  if (name === 'sqlite') {
    const store = `sqlite:${join(folder, 'paymaster.sqlite')}`
    return running(name, await startOwn(stack, folder, store), headers)
  }
  const database = await startPostgres({ durable: true })
  try {
    const service = await startOwn(stack, folder, `${database.url}/postgres`)
    const { stop, ...rest } = running(name, service, headers)
    return {
      ...rest,
      async stop() {
        await stop()
        await database.stop()
      },
    }
  } catch (error) {
    await database.stop()
    throw error
  }
}

function running(
  name: Contestant,
  { url, pid, stop }: ChildService,
  headers: Record<string, string>,
): RunningContestant {
  return { name, url, pid, headers, stop }
}

/** The service's own command line with the default policy of the marketplace and default options. */
async function startOwn(stack: Stack, folder: string, store: string): Promise<ChildService> {
  const {
    signerKey: _,
    pollingIntervalMs: __,
    logLevel: ___,
    ...options
  } = serviceOptions(stack, {
    store,
    // More than the operations of any run: what is measured is sponsoring, not refusing.
    budgetWei: parseEther('1000'),
    // Nothing that was reserved ends before the ledger is looked at.
    windowSeconds: maxWindowSeconds,
  })
  const file = join(folder, `${store.startsWith('sqlite:') ? 'sqlite' : 'postgres'}.json`)
  await writeFile(file, JSON.stringify(options), { mode: 0o600 })
  const { command, args } = commandOf('@fabstir/paymaster-service')
  return startChildService({
    name: `paymaster service on ${store.split(':')[0]}`,
    command,
    args: [...args, '--config', file],
    env: { NODE_ENV: 'production', FABSTIR_PAYMASTER_SIGNER_KEY: signerKey },
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
  })
}

async function startMock({ anvil }: Stack): Promise<ChildService> {
  return startChildService({
    name: 'mock-paymaster',
    command: process.execPath,
    args: [join(import.meta.dirname, 'mockPaymasterProcess.ts'), anvil.url, `${await freePort()}`],
    env: { NODE_ENV: 'production' },
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
  })
}

/** Its own `port: 0` would not tell which one it took. */
async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
