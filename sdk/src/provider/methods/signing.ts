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
import { accountDomain } from '../../accounts/fabstir/accountDomain.ts'
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
  assertHarmless(typedData, client)
  await assertApproved(session, client, { type: 'signTypedData', typedData })
  return client.account.signTypedData(typedData)
}

function decode(message: Hex): string | undefined {
  try {
    // A byte order mark is signed, so it is shown.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(hexToBytes(message))
  } catch {
    return undefined
  }
}

/**
 * Refuses what would do more than sign: an account's domain has session grants, an EntryPoint's has User Operations, and
 * ERC-7739 wraps what an account signs for others, a permit say. An EOA that is not delegated yet signs all of them as
 * they are, also for other accounts that it owns.
 */
function assertHarmless({ domain, types }: TypedDataDefinition, client: WriteClient): void {
  const { name, chainId, verifyingContract } = (domain ?? {}) as TypedDataDomain
  if (chainId !== undefined && BigInt(chainId) !== BigInt(chainIdOf(client)))
    throw new ChainDisconnectedError(
      reason(`The domain is of chain ${chainId}, the account of ${chainIdOf(client)}.`),
    )
  if (name === accountDomain.name || Object.hasOwn(types, 'TypedDataSign'))
    throw new UnauthorizedProviderError(
      reason(
        `No app gets signatures of the domain ${accountDomain.name} or the type TypedDataSign.`,
      ),
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
