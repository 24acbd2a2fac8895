import { BoundedMap } from '@fabstir/service/collections'
import type { Address, Hash, Hex, RpcBlock } from 'viem'
import {
  createPublicClient,
  decodeEventLog,
  encodeEventTopics,
  getAddress,
  hexToNumber,
  http,
  isHex,
  numberToHex,
  pad,
  size,
  slice,
  zeroHash,
} from 'viem'
import { entryPoint08Abi } from 'viem/account-abstraction'
import { checksumAddress } from '../addresses/checksumAddress.ts'
import type { FollowedBlock } from '../ledger/ledger.ts'
import type { AccountCode, AccountStorage } from '../policy/accounts/knownAccounts.ts'
import { keccak } from '../signing/keccak.ts'
import { batchRpc } from './batchRpc.ts'
import { sharedWhileAsked } from './sharedWhileAsked.ts'

/** A `UserOperationEvent`. */
export type OperationEvent = {
  entryPoint: Address
  userOpHash: Hash
  sender: Address
  /** Zero when the account paid itself. */
  paymaster: Address
  nonce: bigint
  /** Whether the calls of the operation succeeded. */
  success: boolean
  /** Wei. */
  actualGasCost: bigint
  /** Gas, with the penalty for what was not used. */
  actualGasUsed: bigint
  blockNumber: bigint
  transactionHash: Hash
}

export type SenderState = {
  /** Unix seconds of the newest block. */
  timestamp: number
  /** `undefined` where nothing is deployed. */
  code: AccountCode | undefined
  storage: AccountStorage
  /** EIP-7702 implementation that the sender is delegated to. */
  delegate: Address | undefined
  /** What the factory answers to its data: the account that it deploys. */
  created: Address | undefined
}

/** `caller` is the EntryPoint's SenderCreator: since 0.8 factories answer to nobody else. */
export type Creation = { factory: Address; factoryData: Hex; caller: Address }

export type OperationEventFilter = {
  entryPoints: readonly Address[]
  fromBlock: bigint
  toBlock: bigint
  /** Only operations that one of these paid for. */
  paymasters?: readonly Address[]
  /** Only operations that one of these sent. */
  senders?: readonly Address[]
}

/** What the service asks a node. Every method throws {@link NodeUnavailableError} when there is no answer. */
export type ChainReader = {
  chainId(): Promise<number>
  /**
   * @param creation Asked only of factories that are trusted: their code runs on the node.
   * @param slots Words of the sender's storage that are read as well.
   */
  senderState(
    sender: Address,
    creation: Creation | undefined,
    slots: readonly Hex[],
  ): Promise<SenderState>
  /** `undefined` when the chain is not that long. */
  block(number: bigint | 'latest'): Promise<FollowedBlock | undefined>
  operationEvents(filter: OperationEventFilter): Promise<readonly OperationEvent[]>
}

/**
 * Gas that a factory may use: several times what any account takes. Its data is the client's and may run
 * code of the client's, which must not hold up the requests that share one HTTP request with it.
 */
const creationGas = 10_000_000n

const delegationPrefix = '0xef0100'
/** ERC-1967: `keccak256('eip1967.proxy.implementation') - 1`. */
const implementationSlot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'
/** The event is the same in every EntryPoint. */
const eventAbi = entryPoint08Abi.filter(
  (item) => item.type === 'event' && item.name === 'UserOperationEvent',
)

/** Reads over JSON-RPC; what sponsorships of the same moment ask shares one HTTP request. */
export function httpChainReader(rpcUrl: string, { timeoutMs = 10_000 } = {}): ChainReader {
  const client = createPublicClient({
    transport: http(rpcUrl, { batch: true, timeout: timeoutMs, retryCount: 1 }),
  })
  const ask = batchRpc(rpcUrl, { timeoutMs })

  const readBlock = async (number: Hex | 'latest'): Promise<FollowedBlock | undefined> => {
    const block = (await ask('eth_getBlockByNumber', [number, false])) as RpcBlock | null
    if (!block?.number || !block.hash) return undefined
    return {
      number: BigInt(block.number),
      hash: block.hash,
      timestamp: hexToNumber(block.timestamp),
    }
  }

  const readNewest = sharedWhileAsked(() => readBlock('latest'))

  const readCreated = async ({ factory, factoryData, caller }: Creation) => {
    const call = { from: caller, to: factory, data: factoryData, gas: numberToHex(creationGas) }
    // Reverted; a node that is down shows in the requests beside this one.
    const answer = await ask('eth_call', [call, 'latest']).catch(() => undefined)
    return isHex(answer) && size(answer) === 32 ? lowAddress(answer) : undefined
  }

  const readSlot = async (account: Address, slot: Hex) => {
    const word = (await ask('eth_getStorageAt', [account, slot, 'latest'])) as Hex | null
    // Nodes shorten the zeros of a word.
    return pad(word ?? zeroHash, { size: 32 })
  }

  return {
    chainId: () => answered(() => client.getChainId()),

    senderState: (sender, creation, slots) =>
      answered(async () => {
        const [head, code, slot, created, words] = await Promise.all([
          readNewest(),
          ask('eth_getCode', [sender, 'latest']) as Promise<Hex>,
          readSlot(sender, implementationSlot),
          creation && readCreated(creation),
          Promise.all(slots.map((each) => readSlot(sender, each))),
        ])
        if (!head) throw new Error('the node answers no latest block')
        const delegated = size(code) === 23 && code.toLowerCase().startsWith(delegationPrefix)
        return {
          timestamp: head.timestamp,
          code:
            size(code) === 0
              ? undefined
              : { hash: hashOfCode(code), implementation: lowAddress(slot) },
          storage: new Map(slots.map((each, index) => [each, words[index] ?? zeroHash])),
          delegate: delegated ? getAddress(slice(code, 3)) : undefined,
          created,
        }
      }),

    block: (number) =>
      answered(() => (number === 'latest' ? readNewest() : readBlock(numberToHex(number)))),

    operationEvents: (filter) =>
      answered(async () => {
        const [signature] = encodeEventTopics({ abi: eventAbi, eventName: 'UserOperationEvent' })
        const { senders, paymasters } = filter
        const logs = await client.request({
          method: 'eth_getLogs',
          params: [
            {
              address: [...filter.entryPoints],
              fromBlock: numberToHex(filter.fromBlock),
              toBlock: numberToHex(filter.toBlock),
              topics: [signature ?? null, null, wordsOf(senders), wordsOf(paymasters)],
            },
          ],
        })
        return logs.flatMap((log) => {
          if (log.blockNumber === null || log.transactionHash === null) return []
          const { args } = decodeEventLog({
            abi: eventAbi,
            eventName: 'UserOperationEvent',
            data: log.data,
            topics: log.topics,
          })
          return [
            {
              entryPoint: getAddress(log.address),
              userOpHash: args.userOpHash,
              sender: args.sender,
              paymaster: args.paymaster,
              nonce: args.nonce,
              success: args.success,
              actualGasCost: args.actualGasCost,
              actualGasUsed: args.actualGasUsed,
              blockNumber: BigInt(log.blockNumber),
              transactionHash: log.transactionHash,
            },
          ]
        })
      }),
  }
}

/** Accounts are proxies of few kinds, so their code is the same. */
const maxCodes = 100
const codeHashes = new BoundedMap<Hex, Hash>(maxCodes)

function hashOfCode(code: Hex): Hash {
  const hash = codeHashes.get(code) ?? keccak(code)
  codeHashes.set(code, hash)
  return hash
}

function lowAddress(word: Hex): Address {
  return checksumAddress(slice(word, 12))
}

function wordsOf(addresses: readonly Address[] | undefined) {
  return addresses ? addresses.map((address) => pad(address, { size: 32 })) : null
}

async function answered<value>(ask: () => Promise<value>): Promise<value> {
  try {
    return await ask()
  } catch (cause) {
    throw new NodeUnavailableError(cause)
  }
}

/** The node gave no usable answer. */
export class NodeUnavailableError extends Error {
  override name = 'NodeUnavailableError'

  constructor(cause: unknown) {
    // viem's messages show the URL, which may hold a key of the node's provider.
    super('the chain node does not answer', { cause })
  }
}
