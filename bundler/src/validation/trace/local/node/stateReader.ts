import type { Address, Hex } from 'viem'
import { hexToBytes, keccak256 } from 'viem'
import { ChainError } from '../../../../chain/reader.ts'
import { op } from '../../../opcodes.ts'
import type { BlockEnvironment } from '../interpreter/interpreter.ts'
import type { AccountState, StateEntry, StateKey } from '../state/stateKey.ts'
import { emptyCodeHash, keyOf, zeroWord } from '../state/stateKey.ts'
import type { LoaderCall } from './loaderCode.ts'
import { maxLoaderWords, slotLoader, wordLoader, wordsOf } from './loaderCode.ts'
import type { RequestBatcher } from './requestBatch.ts'

/** What was read, and code by its hash. */
export type ReadState = { entries: StateEntry[]; codes: [Hex, Uint8Array][] }

/**
 * Reads state at one block, pinned to its hash, in one round trip: balances, code hashes and slots by
 * loaders, the rest by its own methods.
 * @throws ChainError when the node has not the state, and what the reader throws.
 */
export async function readState(
  batcher: RequestBatcher,
  blockHash: Hex,
  keys: readonly StateKey[],
): Promise<ReadState> {
  const distinct = [...new Map(keys.map((key) => [keyOf(key), key])).values()]
  const [accounts, slots, hashes, codes] = await Promise.all([
    readAccounts(batcher, blockHash, ofKind(distinct, 'account')),
    readSlots(batcher, blockHash, ofKind(distinct, 'slot')),
    readBlockHashes(batcher, blockHash, ofKind(distinct, 'blockHash')),
    Promise.all(ofKind(distinct, 'code').map((key) => readCode(batcher, blockHash, key))),
  ])
  return { entries: [...accounts, ...slots, ...hashes], codes }
}

/** What block opcodes answer in an `eth_call` at the block: asked of the node, since chains differ in it. */
export async function readEnvironment(
  batcher: RequestBatcher,
  blockHash: Hex,
  { blobs }: { blobs: boolean },
): Promise<BlockEnvironment> {
  const { number, timestamp, coinbase, prevRandao, gasLimit, baseFee, blobBaseFee } = op
  const opcodes: number[] = [number, timestamp, coinbase, prevRandao, gasLimit, baseFee]
  if (blobs) opcodes.push(blobBaseFee)
  const queries = opcodes.map((code) => ({ opcode: code }))
  const words = wordsOf(await callLoader(batcher, blockHash, wordLoader(queries)), queries.length)
  const word = (code: number): Hex => words[opcodes.indexOf(code)] ?? zeroWord
  return {
    number: BigInt(word(number)),
    timestamp: BigInt(word(timestamp)),
    coinbase: `0x${word(coinbase).slice(26)}`,
    prevRandao: word(prevRandao),
    gasLimit: BigInt(word(gasLimit)),
    baseFee: BigInt(word(baseFee)),
    blobBaseFee: BigInt(word(blobBaseFee)),
  }
}

export async function callLoader(
  batcher: RequestBatcher,
  blockHash: Hex,
  { to, data, stateOverride }: LoaderCall,
): Promise<Hex> {
  const params = [{ to, data }, { blockHash }, stateOverride]
  return (await batcher.request('eth_call', params)) as Hex
}

/** An account as EXTCODEHASH shows it: 0 when it does not exist. */
export function toAccountState(balance: bigint, nonce: bigint, codeHash: Hex): AccountState {
  return { balance, nonce, codeHash: BigInt(codeHash) === 0n ? emptyCodeHash : codeHash }
}

async function readAccounts(
  batcher: RequestBatcher,
  blockHash: Hex,
  keys: readonly { address: Address }[],
): Promise<StateEntry[]> {
  const chunks = chunked(keys, maxLoaderWords / 2).map(async (chunk) => {
    const queries = chunk.flatMap(({ address }) => [
      { opcode: op.balance, address },
      { opcode: op.extCodeHash, address },
    ])
    const [data, nonces] = await Promise.all([
      callLoader(batcher, blockHash, wordLoader(queries)),
      Promise.all(
        chunk.map(({ address }) =>
          batcher.request('eth_getTransactionCount', [address, { blockHash }]),
        ),
      ),
    ])
    const words = wordsOf(data, queries.length)
    return chunk.map(({ address }, index): StateEntry => {
      const [balance = zeroWord, codeHash = zeroWord] = words.slice(2 * index)
      const nonce = BigInt(nonces[index] as Hex)
      return { kind: 'account', address, ...toAccountState(BigInt(balance), nonce, codeHash) }
    })
  })
  return (await Promise.all(chunks)).flat()
}

async function readSlots(
  batcher: RequestBatcher,
  blockHash: Hex,
  keys: readonly { address: Address; slot: Hex }[],
): Promise<StateEntry[]> {
  const chunks = chunked(keys, maxLoaderWords).map(async (chunk) => {
    const byAccount = Map.groupBy(chunk, ({ address }) => address)
    const accounts = [...byAccount].map(([address, of]) => ({
      address,
      slots: of.map(({ slot }) => slot),
    }))
    const words = wordsOf(await callLoader(batcher, blockHash, slotLoader(accounts)), chunk.length)
    return accounts
      .flatMap(({ address, slots }) => slots.map((slot) => ({ address, slot })))
      .map(({ address, slot }, index): StateEntry => {
        return { kind: 'slot', address, slot, value: words[index] ?? zeroWord }
      })
  })
  return (await Promise.all(chunks)).flat()
}

async function readBlockHashes(
  batcher: RequestBatcher,
  blockHash: Hex,
  keys: readonly { number: bigint }[],
): Promise<StateEntry[]> {
  if (keys.length === 0) return []
  const queries = keys.map(({ number }) => ({ opcode: op.blockHash, number }))
  const words = wordsOf(await callLoader(batcher, blockHash, wordLoader(queries)), queries.length)
  return keys.map(({ number }, index) => {
    return { kind: 'blockHash', number, hash: words[index] ?? zeroWord }
  })
}

async function readCode(
  batcher: RequestBatcher,
  blockHash: Hex,
  { address, codeHash }: { address: Address; codeHash: Hex },
): Promise<[Hex, Uint8Array]> {
  const code = (await batcher.request('eth_getCode', [address, { blockHash }])) as Hex
  const actual = code === '0x' ? emptyCodeHash : keccak256(code)
  if (actual !== codeHash) {
    const message = `the code at ${address} has the hash ${actual}, EXTCODEHASH says ${codeHash}`
    throw new ChainError('eth_getCode', 0, message)
  }
  return [codeHash, hexToBytes(code)]
}

function ofKind<kind extends StateKey['kind']>(keys: readonly StateKey[], kind: kind) {
  return keys.filter((key): key is Extract<StateKey, { kind: kind }> => key.kind === kind)
}

function chunked<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let start = 0; start < items.length; start += size) {
    chunks.push(items.slice(start, start + size))
  }
  return chunks
}
