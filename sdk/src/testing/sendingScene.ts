import {
  type Address,
  createClient,
  custom,
  decodeFunctionData,
  type Hash,
  type Hex,
  hexToBigInt,
  numberToHex,
  pad,
  RpcRequestError,
  TimeoutError,
  type Transport,
  toEventSelector,
} from 'viem'
import {
  entryPoint08Abi,
  entryPoint08Address,
  getUserOperationHash,
  type RpcUserOperation,
  type UserOperation,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { toFabstirAccount } from '../accounts/fabstir/toFabstirAccount.ts'
import { createFabstirClient, type FabstirClientConfig } from '../clients/createFabstirClient.ts'
import { testContracts as contracts } from './addressBook.ts'

type Handler = (params: readonly unknown[]) => unknown
type Handlers = Readonly<Record<string, Handler>>

const userOperationEvent = toEventSelector(
  'UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)',
)

/** No answer came. */
export function lost(): never {
  throw new TimeoutError({ body: {}, url: 'http://bundler.test' })
}

/** An answer of JSON-RPC: no. */
export function refuse(message: string, code = -32500): never {
  throw new RpcRequestError({ body: {}, url: 'http://bundler.test', error: { code, message } })
}

/**
 * A chain of which the test says what is included, bundlers that answer as it wants, and a real client over a real
 * account between them.
 */
export async function sendingScene({ nonceLanes = 1 } = {}) {
  const included: Hash[] = []
  /** By hash, whichever bundler has seen it, in that order. */
  const operations = new Map<Hash, RpcUserOperation>()
  const nonces = new Map<bigint, bigint>()
  const blocks = new Map<Hash, bigint>()
  let latest = 100n
  let estimates = 0

  const chainHandlers: Handlers = {
    eth_getCode: () => `0xef0100${contracts.deployments[0]?.accountImplementation.slice(2)}`,
    eth_blockNumber: () => numberToHex(latest),
    eth_call: ([call]) => {
      const { args } = decodeFunctionData({
        abi: entryPoint08Abi,
        data: (call as { data: Hex }).data,
      })
      const key = (args as readonly [Address, bigint])[1]
      return numberToHex(nextNonce(key), { size: 32 })
    },
    eth_getLogs: ([filter]) => {
      const { topics, fromBlock } = filter as { topics: (Hex | null)[]; fromBlock: Hex }
      const [, hash, sender] = topics
      return included
        .filter((of) => (blocks.get(of) ?? 0n) >= BigInt(fromBlock))
        .map(toLog)
        .filter((log) => (hash ?? log.topics[1]) === log.topics[1])
        .filter((log) => (sender ?? log.topics[2]) === log.topics[2])
    },
    eth_getTransactionReceipt: ([hash]) => ({
      transactionHash: hash,
      logs: [toLog(hash as Hash)],
      blockNumber: numberToHex(blocks.get(hash as Hash) ?? 0n),
      status: '0x1',
    }),
  }
  /** Over those that the chain has. */
  const overrides: Record<string, Handler> = {}
  const node = custom(
    {
      request: async ({ method, params }: { method: string; params: readonly unknown[] }) =>
        (overrides[method] ?? chainHandlers[method] ?? unknownMethod)(params),
    },
    { retryCount: 0 },
  )
  const client = createClient({ chain: foundry, transport: node })
  const owner = privateKeyToAccount(generatePrivateKey())
  const account = await toFabstirAccount({ client, owner, contracts, nonceLanes, eip7702: true })

  const toLog = (hash: Hash) => ({
    address: entryPoint08Address.toLowerCase(),
    transactionHash: hash,
    logIndex: '0x0',
    topics: [userOperationEvent, hash, pad(account.address), pad('0x')],
    data: `0x${pad(operations.get(hash)?.nonce ?? '0x').slice(2)}${pad('0x1').slice(2)}${'00'.repeat(64)}`,
  })
  const hashOf = (request: RpcUserOperation) =>
    getUserOperationHash({
      chainId: contracts.chainId,
      entryPointAddress: entryPoint08Address,
      entryPointVersion: '0.8',
      userOperation: Object.fromEntries(
        Object.entries(request).map(([name, value]) => [
          name,
          /nonce|gas|fee/i.test(name) ? hexToBigInt(value as Hex) : value,
        ]),
      ) as unknown as UserOperation<'0.8'>,
    })

  const nonceOf = (operation: RpcUserOperation | undefined) =>
    hexToBigInt(operation?.nonce ?? '0x0')
  const nextNonce = (key: bigint) => (key << 64n) + (nonces.get(key) ?? 0n)
  const assertUnused = (operation: RpcUserOperation) => {
    if (nonceOf(operation) < nextNonce(nonceOf(operation) >> 64n)) refuse('AA25 invalid nonce')
  }

  return {
    account,
    included,
    operations,
    overrides,
    /** Includes an operation that a bundler has seen; as the EntryPoint does, at its nonce alone. */
    include(hash: Hash) {
      const nonce = nonceOf(operations.get(hash))
      const key = nonce >> 64n
      if (nonce !== nextNonce(key)) throw new Error(`AA25: ${nonce} is not ${nextNonce(key)}`)
      nonces.set(key, (nonces.get(key) ?? 0n) + 1n)
      latest += 1n
      blocks.set(hash, latest)
      included.push(hash)
    },
    /** Lets so many blocks pass. */
    pass(count: bigint) {
      latest += count
    },
    /** Within its key. */
    nonceOf: (hash: Hash) => nonceOf(operations.get(hash)) & (2n ** 64n - 1n),
    laneOf: (hash: Hash) => Number(nonceOf(operations.get(hash)) >> 224n),
    /**
     * Refuses what has a used nonce, has the receipts of what is on chain, and keeps nothing else in mind, unless
     * `others` say so. All other sends are answered by `send`.
     */
    bundler(send: (hash: Hash) => unknown, others: Handlers = {}): Transport {
      const price = { maxFeePerGas: '0x1', maxPriorityFeePerGas: '0x1' }
      const handlers: Handlers = {
        pimlico_getUserOperationGasPrice: () => ({ slow: price, standard: price, fast: price }),
        // Never the same twice: so no two operations are.
        eth_estimateUserOperationGas: ([request]) => {
          assertUnused(request as RpcUserOperation)
          estimates += 1
          return {
            preVerificationGas: numberToHex(estimates),
            verificationGasLimit: '0x1',
            callGasLimit: '0x1',
          }
        },
        eth_sendUserOperation: ([request]) => {
          const hash = hashOf(request as RpcUserOperation)
          operations.set(hash, request as RpcUserOperation)
          assertUnused(request as RpcUserOperation)
          return send(hash)
        },
        eth_getUserOperationReceipt: ([hash]) =>
          included.includes(hash as Hash)
            ? { userOpHash: hash, success: true, logs: [], receipt: { logs: [] } }
            : null,
        eth_getUserOperationByHash: () => null,
        ...others,
      }
      return custom(
        {
          request: async ({ method, params }: { method: string; params: readonly unknown[] }) =>
            (handlers[method] ?? unknownMethod)(params),
        },
        { retryCount: 0 },
      )
    },
    client: (transport: Transport, config: Partial<FabstirClientConfig> = {}) =>
      createFabstirClient({ account, transport, timeout: 200, pollingInterval: 5, ...config }),
  }
}

const unknownMethod = () => refuse('the method does not exist', -32601)
