import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sponsorsOf } from '@fabstir/contracts/addressBook'
import type { Devnet } from '@fabstir/devnet'
import { type FabstirClient, usdc } from '@fabstir/sdk'
import { http } from 'viem'
import { entryPoint08Abi } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { startBundlerProcess } from '../../../devnet/src/processes/bundlerProcess.ts'
import { type ServiceProxy, startServiceProxy } from '../sdkServiceProxy.ts'
import { actionsFixture } from './actionsFixture.ts'

/** One USDC for a prompt. */
export const job = { model: 'llama-70b', prompt: 'bafyprompt', payment: usdc(1) }

/** What the tests of sending share: bundlers of their own, and the chain's own count of operations. */
export function sendingFixture(devnet: Devnet) {
  const fixture = actionsFixture(devnet)
  const cleanUp: (() => Promise<unknown>)[] = []

  /** Operations of an account that are on chain, whoever brought them there. */
  const operationsOf = async ({ account }: Pick<FabstirClient, 'account'>) => {
    const events = await fixture.publicClient.getContractEvents({
      abi: entryPoint08Abi,
      address: account.entryPoint.address,
      eventName: 'UserOperationEvent',
      args: { sender: account.address },
      fromBlock: 0n,
      strict: true,
    })
    return events.map(({ args }) => args.userOpHash)
  }

  /** A second bundler on the chain, behind a proxy of its own. */
  const startBundler = async (bundleMode: 'auto' | 'manual' = 'auto') => {
    const folder = await mkdtemp(join(tmpdir(), 'fabstir-sdk-'))
    const { rpcUrl, contracts } = devnet
    const trustedEntities = sponsorsOf(contracts).map(({ sponsorPaymaster }) => sponsorPaymaster)
    // Two bundlers with one executor would take each other's nonces.
    const executor = generatePrivateKey()
    await fixture.give.eth(privateKeyToAddress(executor), '10')
    const options = ['--executor-private-keys', executor]
    let stores = 0
    const start = (port: number) => {
      stores += 1
      const store = join(folder, `${stores}.sqlite`)
      return startBundlerProcess({ rpcUrl, port, store, bundleMode, trustedEntities, options })
    }
    let service = await start(0)
    const { url } = service
    const proxy = await proxyTo(url)
    cleanUp.push(async () => {
      await service.stop()
      await rm(folder, { recursive: true })
    })
    return {
      url,
      proxy,
      ask: (method: string, params: unknown[] = []) => ask(url, method, params),
      /** Killed, and started anew without what it had on disk. */
      async loseEverything() {
        service.kill('SIGKILL')
        await service.exited
        service = await start(Number(new URL(url).port))
      },
    }
  }

  const proxyTo = async (url: string): Promise<ServiceProxy> => {
    const proxy = await startServiceProxy(url)
    cleanUp.push(() => proxy.close())
    return proxy
  }

  return {
    ...fixture,
    operationsOf,
    startBundler,
    proxyTo,
    via: ({ url }: { url: string }) => http(url, { retryCount: 0 }),
    ask: (method: string, params: unknown[] = []) => ask(devnet.bundlerUrl, method, params),
    async close() {
      for (const end of cleanUp.toReversed()) await end()
    },
  }
}

export type SendingFixture = ReturnType<typeof sendingFixture>

async function ask(url: string, method: string, params: unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  return ((await response.json()) as { result?: unknown }).result
}

/** Lives as long as a browser's, and can be read by the next process. */
export function memoryStorage(items = new Map<string, string>()) {
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    /** The same items for a process that starts anew. */
    restarted: () => memoryStorage(new Map(items)),
  }
}
