import type { Address, Hex } from 'viem'
import { bytesToHex, keccak256, numberToHex } from 'viem'
import type { BlockTag, StateOverride } from '../../../../chain/reader.ts'
import { ChainError } from '../../../../chain/reader.ts'
import { createEthereumjsInterpreter } from '../interpreter/ethereumjs/ethereumjsInterpreter.ts'
import type { EvmRules } from '../interpreter/interpreter.ts'
import type { BatchingReader } from '../node/requestBatch.ts'
import type { TestAccount } from './completeState.ts'
import { completeState } from './completeState.ts'
import { block as testBlock } from './traceCode.ts'

type Accounts = Record<Address, TestAccount>
type MemoryBlock = { hash: Hex; accounts: Accounts }

export type MemoryChain = {
  reader: BatchingReader
  /** Methods of each round trip so far. */
  roundTrips: string[][]
  /** Puts a block on top and returns its hash. */
  mine(accounts: Accounts): Hex
  /** Takes the newest block away: the node forgets its state. */
  drop(): void
  /** Called before each answer. */
  onRequest: (method: string) => void
}

/** A node without `debug_traceCall` whose chain is values: the edge that a trace source reads from. */
export function memoryChain(rules: EvmRules, accounts: Accounts): MemoryChain {
  const interpreter = createEthereumjsInterpreter({ rules, maxSteps: 1_000_000 })
  const blocks: MemoryBlock[] = []
  let mined = 0

  function blockAt(tag: BlockTag): MemoryBlock {
    const found =
      typeof tag === 'object' ? blocks.find(({ hash }) => hash === tag.blockHash) : blocks.at(-1)
    if (!found) throw new ChainError('', -32_001, 'Resource not found')
    return found
  }

  async function answer(method: string, params: unknown[]): Promise<unknown> {
    chain.onRequest(method)
    switch (method) {
      case 'eth_getBlockByNumber':
        return { hash: blockAt('latest').hash }
      case 'eth_call': {
        const [{ to, data }, tag, stateOverride] = params as [Call, BlockTag, StateOverride]
        const from = `0x${'0'.repeat(40)}` as const
        const call = { from, to, data, gas: 30_000_000n, stateOverride }
        const { result } = await interpreter.run(
          call,
          testBlock,
          completeState(blockAt(tag).accounts),
        )
        if (!result.ok) throw new ChainError(method, 3, 'execution reverted', result.data)
        return result.data
      }
      case 'eth_getTransactionCount': {
        const [address, tag] = params as [Address, BlockTag]
        return numberToHex(completeState(blockAt(tag).accounts).account(address).nonce)
      }
      case 'eth_getCode': {
        const [address, tag] = params as [Address, BlockTag]
        const state = completeState(blockAt(tag).accounts)
        return bytesToHex(state.code(address, state.account(address).codeHash))
      }
      default:
        throw new ChainError(method, -32_601, 'Method not found')
    }
  }

  const chain: MemoryChain = {
    roundTrips: [],
    onRequest: () => {},
    mine(changed) {
      const hash = keccak256(numberToHex(mined++, { size: 32 }))
      blocks.push({ hash, accounts: changed })
      return hash
    },
    drop() {
      blocks.pop()
    },
    reader: {
      async request(method, params) {
        chain.roundTrips.push([method])
        return answer(method, params)
      },
      async batch(requests) {
        chain.roundTrips.push(requests.map(({ method }) => method))
        return Promise.all(
          requests.map(({ method, params }) =>
            answer(method, params).catch((error: unknown) => {
              if (error instanceof ChainError) return error
              throw error
            }),
          ),
        )
      },
    },
  }
  chain.mine(accounts)
  return chain
}

type Call = { to: Address; data: Hex }
