import {
  type Address,
  ChainDisconnectedError,
  type Hex,
  hexToBytes,
  isAddressEqual,
  isHex,
  stringToHex,
  type TypedDataDefinition,
  type TypedDataDomain,
  UnauthorizedProviderError,
} from 'viem'
import {
  entryPoint06Address,
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'
import type { WriteClient } from '../../types/client.ts'
import { readAddress, readBytes, readText } from '../params.ts'
import { assertApproved, assertAuthorized, chainIdOf, type Method } from '../providerSession.ts'
import { readTypedData } from '../readTypedData.ts'
import { reason } from '../reason.ts'

/** A message for ERC-1271, as ERC-6492 while the account is not deployed. */
export const personalSign: Method = async (session, [message_, address]) => {
  const { client } = session
  const text = readText(message_, 'params[0]')
  assertAuthorized(session, client, readAddress(address, 'params[1]'))
  const message = isHex(text) ? readBytes(text, 'params[0]') : stringToHex(text)
  await assertApproved(session, client, { type: 'signMessage', message, text: decode(message) })
  return client.account.signMessage({ message: { raw: message } })
}

/** Typed data for ERC-1271, as ERC-6492 while the account is not deployed. */
export const signTypedDataV4: Method = async (session, [address, data]) => {
  const { client } = session
  assertAuthorized(session, client, readAddress(address, 'params[0]'))
  const typedData = readTypedData(data, 'params[1]')
  assertDomain(typedData, client)
  await assertApproved(session, client, { type: 'signTypedData', typedData })
  return client.account.signTypedData(typedData)
}

function decode(message: Hex): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(hexToBytes(message))
  } catch {
    return undefined
  }
}

/**
 * Refuses what would do more than sign: the account's own domain has session grants, an EntryPoint's has User
 * Operations, and an EOA that is not delegated yet signs both as they are.
 */
function assertDomain({ domain }: TypedDataDefinition, client: WriteClient): void {
  const { chainId, verifyingContract } = (domain ?? {}) as TypedDataDomain
  if (chainId !== undefined && BigInt(chainId) !== BigInt(chainIdOf(client)))
    throw new ChainDisconnectedError(
      reason(`The domain is of chain ${chainId}, the account of ${chainIdOf(client)}.`),
    )
  if (verifyingContract === undefined) return
  if (ownDomains(client).some((own) => isAddressEqual(own, verifyingContract)))
    throw new UnauthorizedProviderError(
      reason(
        `No app gets signatures in the domain of ${verifyingContract}, which runs the account.`,
      ),
    )
}

const ownDomains = ({ account, deployment }: WriteClient): readonly Address[] => [
  account.address,
  deployment.accountImplementation,
  account.entryPoint.address,
  entryPoint06Address,
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
]
