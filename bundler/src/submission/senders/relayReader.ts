import type { Hex } from 'viem'
import { keccak256, toHex } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { createHttpChainReader } from '../../chain/httpChainReader.ts'
import type { ChainReader } from '../../chain/reader.ts'

export type RelayOptions = {
  url: string
  /** Milliseconds. */
  timeoutMs: number
  /** Known to the relay by its reputation, holds no money. */
  identity?: PrivateKeyAccount | undefined
}

/** JSON-RPC to a private relay, with the body signed as Flashbots asks for (`X-Flashbots-Signature`). */
export function createRelayReader({
  url,
  timeoutMs,
  identity,
}: RelayOptions): Pick<ChainReader, 'request'> {
  if (!identity) return createHttpChainReader({ url, timeoutMs })
  const signed: typeof fetch = async (input, init) => {
    const body = String(init?.body ?? '')
    const signature = await relaySignature(identity, body)
    const headers = new Headers(init?.headers)
    headers.set('X-Flashbots-Signature', signature)
    return fetch(input, { ...init, headers })
  }
  return createHttpChainReader({ url, timeoutMs, fetch: signed })
}

/** `address:signature` over the hash of the body, as text of hex digits (EIP-191). */
async function relaySignature(identity: PrivateKeyAccount, body: string): Promise<string> {
  const hash: Hex = keccak256(toHex(body))
  return `${identity.address}:${await identity.signMessage({ message: hash })}`
}
