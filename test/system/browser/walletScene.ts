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

/** The stack, the wallet's server and a browser. */
export async function startWalletScene(): Promise<WalletScene> {
  const [devnet, chromium] = await Promise.all([startDevnet(), launchChromium()])
  const closing: { close(): Promise<void> }[] = [devnet, chromium]
  const close = async () => {
    for (const part of closing.toReversed()) await part.close()
  }
  const serve = async (sponsorKey: string) => {
    const server = await startWalletServer({
      port: 0,
      rpcUrl: devnet.rpcUrl,
      bundlerUrl: devnet.bundlerUrl,
      sponsorUrl: devnet.paymasterUrl,
      sponsorKey,
    })
    closing.splice(1, 0, server)
    return server
  }
  const newContext = () =>
    chromium.browser.newContext({ viewport, colorScheme: 'light', reducedMotion: 'reduce' })
  const server = await serve(apiKeys.demo)
  return {
    ...{ devnet, server, serve, newContext, chain: chainView(devnet), close },
    async open({ context, url = server.url, ...options } = {}) {
      return openWalletPage(context ?? (await newContext()), url, options)
    },
  }
}
