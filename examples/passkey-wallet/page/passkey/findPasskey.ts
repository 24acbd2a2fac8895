import { toFabstirAccount } from '@fabstir/sdk'
import type { Hex, PublicClient } from 'viem'
import { knownPasskeys, type Passkey, rememberPasskey } from './passkey.ts'
import { recoverPublicKeys } from './recoverPublicKeys.ts'

/**
 * Has the user choose a passkey of this site, and finds its public key, which authenticators do not tell: among those
 * that this browser knows, else by the account that is on chain, else by a second signature.
 * @throws What the authenticator says.
 */
export async function findPasskey(client: PublicClient): Promise<Passkey> {
  const { id, candidates } = await requestAssertion()
  const publicKey =
    (await choose(client, id, candidates)) ??
    common(candidates, (await requestAssertion(id)).candidates)
  if (!publicKey) throw new Error('The passkey has signed with two different keys.')
  const passkey = { id, publicKey }
  rememberPasskey(passkey)
  return passkey
}

async function choose(
  client: PublicClient,
  id: string,
  candidates: readonly Hex[],
): Promise<Hex | undefined> {
  const known = knownPasskeys()[id]
  if (known && candidates.includes(known)) return known
  const deployed = await Promise.all(
    candidates.map(async (publicKey) => {
      const owner = { type: 'webAuthn', publicKey, sign: refuse } as const
      const account = await toFabstirAccount({ client, owner })
      return account.isDeployed()
    }),
  )
  // The other one belongs to nobody: it came out of this signature.
  return candidates.find((_, index) => deployed[index])
}

const common = (first: readonly Hex[], second: readonly Hex[]) =>
  first.find((publicKey) => second.includes(publicKey))

async function refuse(): Promise<never> {
  throw new Error('A public key alone signs nothing.')
}

async function requestAssertion(id?: string): Promise<{ id: string; candidates: readonly Hex[] }> {
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)),
      rpId: location.hostname,
      userVerification: 'required',
      ...(id && { allowCredentials: [{ type: 'public-key', id: fromBase64Url(id) }] }),
    },
  })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('The device gave no passkey.')
  const { response } = credential
  if (!(response instanceof AuthenticatorAssertionResponse))
    throw new Error('The device gave no assertion.')
  const candidates = recoverPublicKeys({
    authenticatorData: new Uint8Array(response.authenticatorData),
    clientDataJSON: new Uint8Array(response.clientDataJSON),
    signature: new Uint8Array(response.signature),
  })
  return { id: credential.id, candidates }
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
