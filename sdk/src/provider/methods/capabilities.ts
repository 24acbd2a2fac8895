import { type Hex, numberToHex } from 'viem'
import { readAddress, readChainId, readList } from '../params.ts'
import { assertAuthorized, type Method } from '../providerSession.ts'

/** Of every chain of the wallet: they do not depend on it. */
const capabilities = {
  atomic: { status: 'supported' },
  paymasterService: { supported: true },
} as const

/**
 * EIP-5792 `wallet_getCapabilities`, of all chains or of those that are asked for. `0x0` stands for every chain, and is
 * answered when it is asked for; what clients look up is the chain's own id.
 */
export const getCapabilities: Method = (session, [address, chains]) => {
  assertAuthorized(
    session,
    session.client,
    address === undefined || address === null ? undefined : readAddress(address, 'params[0]'),
  )
  const known = [...session.clients.keys()]
  const asked =
    chains === undefined || chains === null
      ? known
      : readList(chains, 'params[1]').map((id, index) => readChainId(id, `params[1][${index}]`))
  const answered = asked.filter((id) => id === everyChain || known.includes(id))
  return Object.fromEntries(
    answered.map((id): [Hex, typeof capabilities] => [numberToHex(id), capabilities]),
  )
}

const everyChain = 0
