import { type Devnet, startDevnet } from '@fabstir/devnet'
import type { BrowserContext } from 'playwright-core'
import { apiKeys } from '../../../devnet/src/apps.ts'
import {
  startWalletServer,
  type WalletServer,
} from '../../../examples/passkey-wallet/server/walletServer.ts'
import { type ChainView, chainView } from './chainView.ts'
import { launchChromium } from './launchChromium.ts'
import { type AuthenticatorOptions, openWalletPage, type WalletPage } from './walletPage.ts'

/** As in the picture of the README. */
export const viewport = { width: 1240, height: 900 } as const

export type WalletScene = {
  devnet: Devnet
  server: WalletServer
  /** Another server of the page, for an app with another API key. */
  serve(sponsorKey: string): Promise<WalletServer>
  /** A browser that knows nothing yet. */
  newContext(): Promise<BrowserContext>
  /** A tab with the wallet; in a browser of its own unless told otherwise. */
  open(
    options?: AuthenticatorOptions & { context?: BrowserContext; url?: string },
  ): Promise<WalletPage>
  chain: ChainView
  close(): Promise<void>
}

/** The stack, the wallet's server and a browser. Nothing is left running when one of them does not start. */
export async function startWalletScene(): Promise<WalletScene> {
  const closing: { close(): Promise<void> }[] = []
  const close = async () => {
    for (const part of closing.toReversed()) await part.close()
  }
  const keep = <part extends { close(): Promise<void> }>(part: part): part => {
    closing.push(part)
    return part
  }
  try {
    // One after the other: unpacking the browser takes a core from services that start.
    const devnet = keep(await startDevnet())
    const serve = async (sponsorKey: string) =>
      keep(
        await startWalletServer({
          port: 0,
          rpcUrl: devnet.rpcUrl,
          bundlerUrl: devnet.bundlerUrl,
          sponsorUrl: devnet.paymasterUrl,
          sponsorKey,
        }),
      )
    const server = await serve(apiKeys.demo)
    const { browser } = keep(await launchChromium())
    const newContext = () =>
      browser.newContext({ viewport, colorScheme: 'light', reducedMotion: 'reduce' })
    return {
      ...{ devnet, server, serve, newContext, chain: chainView(devnet), close },
      async open({ context, url = server.url, ...options } = {}) {
        return openWalletPage(context ?? (await newContext()), url, options)
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
