import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { devnet } from '@fabstir/sdk/chains'
import { createPublicClient, http } from 'viem'
import { createDevnetFaucet } from './devnetFaucet.ts'
import { buildPage } from './pageFiles.ts'
import { pageHeaders } from './pageHeaders.ts'
import { RequestError } from './requestError.ts'
import { createRoutes } from './routes.ts'

export type WalletServerOptions = {
  /** 0 takes a free one. */
  port: number
  rpcUrl: string
  bundlerUrl: string
  sponsorUrl: string
  /** API key of the paymaster service. It never leaves the server. */
  sponsorKey: string
}

export type WalletServer = { url: string; close(): Promise<void> }

/**
 * Serves the page on loopback, with what the page must not or cannot do itself.
 * @throws When the port is taken, or the chain is not the devnet or does not answer.
 */
export async function startWalletServer(options: WalletServerOptions): Promise<WalletServer> {
  const client = createPublicClient({
    chain: devnet,
    transport: http(options.rpcUrl),
    pollingInterval: 100,
  })
  await assertDevnet(client, options.rpcUrl)
  const files = await buildPage()
  const routes = createRoutes({ ...options, client, faucet: createDevnetFaucet(client) })
  const headers = pageHeaders([options.rpcUrl, options.bundlerUrl])

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const status = error instanceof RequestError ? error.status : 500
      send(response, status, { error: error instanceof Error ? firstLine(error) : String(error) })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  // WebAuthn takes names only, not addresses.
  const url = `http://localhost:${port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers: asked } = request
    const { pathname } = new URL(request.url ?? '/', url)
    if (method === 'GET' && pathname === '/' && asked.host === `127.0.0.1:${port}`) {
      response.writeHead(307, { location: url }).end()
      return
    }
    // A page of another name that resolves to this machine gets nothing (DNS rebinding).
    if (asked.host !== `localhost:${port}`) throw new RequestError(421, `the page is at ${url}`)
    const file = method === 'GET' ? files.get(pathname) : undefined
    if (file) {
      response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.body)
      return
    }
    const route = routes.get(`${method} ${pathname}`)
    if (!route) throw new RequestError(404, `there is no ${method} ${pathname}`)
    const { status, body } = await route(request, url)
    send(response, status, body)
  }

  return {
    url,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** @param body Text is JSON already. */
function send(response: ServerResponse, status: number, body: string | object): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(text)
}

async function assertDevnet(
  client: { getChainId: () => Promise<number> },
  rpcUrl: string,
): Promise<void> {
  const chainId = await client.getChainId().catch(() => {
    throw new Error(
      `no chain answers at ${rpcUrl}: bring it up with \`pnpm start\`, or pass --rpc-url`,
    )
  })
  if (chainId !== devnet.id)
    throw new Error(
      `--rpc-url is chain ${chainId}, and this example is for the devnet, ${devnet.id}`,
    )
}

const firstLine = ({ message }: Error) => message.split('\n')[0] ?? message
