import { createClient, custom, type Hash, type Hex, numberToHex } from 'viem'
import { resolveDeployment } from '../contracts/addressBooks.ts'
import { createLaneQueue } from '../operations/laneQueue.ts'
import { createSentOperations } from '../operations/sentOperations.ts'
import { type Eip1193ProviderParameters, toEip1193Provider } from '../provider/toEip1193Provider.ts'
import type { WriteClient } from '../types/client.ts'
import { testContracts as contracts } from './addressBook.ts'
import { me } from './chain.ts'

/** Of the operation that a {@link batchWallet} sends. */
export const batchHash: Hash = `0x${'ab'.repeat(32)}`
export const batchCallData: Hex = '0xcafe'

/**
 * A provider over a client with one nonce lane, to which an app is connected. The client has lost an operation with the
 * calls of the app's batches: sending these sends it again, without a signature.
 * @param answers Of the bundler, by method; by default it takes the operation.
 */
export async function batchWallet(
  answers: Readonly<Record<string, () => unknown>> = {},
  options: Partial<Eip1193ProviderParameters> = {},
) {
  const request = async ({ method }: { method: string }) => {
    const answer = { eth_sendUserOperation: () => batchHash, ...answers }[method]
    if (!answer) throw Object.assign(new Error(`no ${method}`), { code: -32_601 })
    return answer()
  }
  const chainId = numberToHex(contracts.chainId)
  const node = async ({ method }: { method: string }) => (method === 'eth_chainId' ? chainId : [])
  const stored = new Map<string, string>()
  const storage = {
    getItem: (key: string) => stored.get(key),
    setItem: (key: string, value: string) => stored.set(key, value),
  }
  const sent = createSentOperations(storage)
  await sent.add({
    hash: batchHash,
    callData: batchCallData,
    request: { sender: me, nonce: '0x0' } as never,
    fromBlock: '0x1',
    lane: 0,
    earlier: [],
  })
  sent.lose(batchHash, 'unanswered')
  const lanes = createLaneQueue(1)
  const client = {
    ...createClient({ transport: custom({ request }, { retryCount: 0 }) }),
    client: createClient({ transport: custom({ request: node }) }),
    contracts,
    deployment: resolveDeployment(contracts),
    account: {
      address: me,
      entryPoint: { address: me },
      encodeCalls: async () => batchCallData,
    },
    wait: { pollingInterval: 1, timeout: 20 },
    sent,
    lanes,
  } as unknown as WriteClient
  const provider = toEip1193Provider({ client, approve: () => true, ...options })
  const ask = (method: string, ...params: unknown[]): Promise<unknown> =>
    provider.request({ method, params } as never)
  await ask('eth_requestAccounts')
  return {
    client,
    ask,
    send: (id: string) =>
      ask('wallet_sendCalls', {
        version: '2.0.0',
        id,
        chainId,
        atomicRequired: true,
        calls: [{ to: contracts.marketplace }],
      }),
    sent,
    /** What a process that starts anew finds. */
    sentBefore: () => createSentOperations(storage),
    lanes,
  }
}
