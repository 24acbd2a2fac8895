import {
  type FabstirClient,
  type ScopeName,
  type SessionGrant,
  type SessionKeyState,
  toWebCryptoKey,
  usdc,
} from '@fabstir/sdk'
import type { Database } from '../database.ts'

/** A key that this browser made for the page, with what the passkey has granted it. */
export type PageKey = {
  grant: SessionGrant
  /** The same account, signed for by this key alone: no prompt. */
  client: FabstirClient
}

type Stored = { grant: SessionGrant; keyPair: CryptoKeyPair }

/** What the page asks the passkey for. */
export const pageScope = [
  'postJob',
  'openSession',
  'completeSession',
  'claimJob',
  'submitResult',
  'withdraw',
] as const satisfies ScopeName[]

const storageKey = ({ account }: FabstirClient) => `key:${account.address}`

/**
 * Makes a key whose private half no script can read, and has the passkey sign what it may do: one prompt. Nothing is
 * sent; the key's first operation installs it.
 */
export async function grantPageKey(owner: FabstirClient, database: Database): Promise<PageKey> {
  const keyPair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])
  const grant = await owner.grantSession({
    key: await toWebCryptoKey({ keyPair }),
    expiresIn: '1h',
    uses: 50,
    scope: pageScope,
    spend: { usdc: { total: usdc(10), perCall: usdc(5) } },
  })
  await database.put(storageKey(owner), { grant, keyPair } satisfies Stored)
  return open(owner, { grant, keyPair })
}

/** The key that this browser has for the account, if any. */
export async function findPageKey(
  owner: FabstirClient,
  database: Database,
): Promise<PageKey | undefined> {
  const stored = await database.get<Stored>(storageKey(owner))
  return stored && open(owner, stored)
}

async function open(owner: FabstirClient, { grant, keyPair }: Stored): Promise<PageKey> {
  return { grant, client: owner.withSession(grant, await toWebCryptoKey({ keyPair })) }
}

/** Whether the account would take its signature now. */
export const isUsable = ({ status }: Pick<SessionKeyState, 'status'>): boolean =>
  status === 'unused' || status === 'active'
