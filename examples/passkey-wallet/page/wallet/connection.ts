import { createFabstirClient, type FabstirClient, toFabstirAccount } from '@fabstir/sdk'
import { devnet } from '@fabstir/sdk/chains'
import { createPublicClient, type Hash, http, type PublicClient, type Transport } from 'viem'
import { toWebAuthnAccount } from 'viem/account-abstraction'
import type { Passkey } from '../passkey/passkey.ts'

/** Where node and bundler are. The sponsor is behind the server of the page. */
export type Config = { rpcUrl: string; bundlerUrl: string }

/** Told what happens to an operation between click and receipt. */
export type Progress = {
  onPrompt(): void
  onSponsor(): void
  onSent(hash: Hash): void
}

export const readConfig = async (): Promise<Config> => (await fetch('/config')).json()

export function connect({ rpcUrl }: Config): PublicClient {
  return createPublicClient({ chain: devnet, transport: http(rpcUrl), pollingInterval: 100 })
}

/** The client of the account that a passkey owns. */
export async function openAccount(
  client: PublicClient,
  { bundlerUrl }: Config,
  passkey: Passkey,
  progress: Progress,
): Promise<FabstirClient> {
  const key = toWebAuthnAccount({ credential: passkey, rpId: location.hostname })
  const owner = {
    ...key,
    sign: (parameters: { hash: Hash }) => {
      progress.onPrompt()
      return key.sign(parameters)
    },
  }
  return createFabstirClient({
    account: await toFabstirAccount({ client, owner }),
    transport: observed(http(bundlerUrl), 'eth_sendUserOperation', (hash) =>
      progress.onSent(hash as Hash),
    ),
    paymaster: observed(http(new URL('/sponsor', location.href).href), 'pm_getPaymasterData', () =>
      progress.onSponsor(),
    ),
    timeout: 30_000,
    // Of this tab alone: a storage is for one program at a time.
    storage: sessionStorage,
  })
}

/** The transport, telling of every answer to a method. */
function observed(
  transport: Transport,
  method: string,
  onAnswer: (answer: unknown) => void,
): Transport {
  return (parameters) => {
    const { request, ...rest } = transport(parameters)
    return {
      ...rest,
      async request(call: { method: string; params?: unknown }) {
        const answer: unknown = await request(call)
        if (call.method === method) onAnswer(answer)
        return answer
      },
    } as ReturnType<Transport>
  }
}
