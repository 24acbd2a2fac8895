import {
  type FabstirClient,
  getAccountHistory,
  type Session,
  usdc,
  type Voucher,
} from '@fabstir/sdk'
import { type Address, type Hash, type Hex, isAddress, isAddressEqual } from 'viem'
import { generatePrivateKey, privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { countTokens } from '../../countTokens.ts'
import { askServer, ServerError } from '../askServer.ts'
import type { Database } from '../database.ts'

/** A session as this browser keeps it: what it co-signs with, and what it has seen. */
export type Rental = {
  sessionId: bigint
  /** Speaks for this session's count alone; with it nobody gets more than the deposit to the host. */
  coSigner: Hex
  /** Tokens that the page has read, and co-signs. */
  signedTokens: bigint
  transcript: readonly { by: 'you' | 'host'; text: string }[]
}

const storageKey = ({ account }: FabstirClient) => `rental:${account.address}`
/** Co-signing key of a session that is to be opened. */
const openingKey = ({ account }: FabstirClient) => `opening:${account.address}`

/** The session that this browser keeps, or has opened without hearing of it. */
export const findRental = async (client: FabstirClient, database: Database) =>
  (await database.get<Rental>(storageKey(client))) ?? findOpened(client, database)

/** A page may go away while it opens a session: the session is told by its co-signer. */
async function findOpened(client: FabstirClient, database: Database): Promise<Rental | undefined> {
  const coSigner = await database.get<Hex>(openingKey(client))
  if (!coSigner) return undefined
  const { sessions } = await getAccountHistory(client)
  const opened = sessions.find(
    (session) =>
      isAddressEqual(session.coSigner, privateKeyToAddress(coSigner)) &&
      session.status !== 'settled',
  )
  return opened && keepOpened(client, database, { sessionId: opened.sessionId, coSigner })
}

async function keepOpened(
  client: FabstirClient,
  database: Database,
  opened: Pick<Rental, 'sessionId' | 'coSigner'>,
): Promise<Rental> {
  const rental = { ...opened, signedTokens: 0n, transcript: [] }
  await keep(client, database, rental)
  await database.delete(openingKey(client))
  return rental
}

const keep = (client: FabstirClient, database: Database, rental: Rental) =>
  database.put(storageKey(client), rental)

export const forgetRental = (client: FabstirClient, database: Database) =>
  database.delete(storageKey(client))

/**
 * Opens a session with the host that the server offers. Its co-signing key is kept before, and used again until a
 * session with it is known: so the same click means the same operation.
 */
export async function openRental(client: FabstirClient, database: Database): Promise<Rental> {
  const { host, pricePer1000 } = await askServer<{ host: Address; pricePer1000: string }>('/host')
  if (!isAddress(host)) throw new ServerError('It offers a host without an address.')
  const coSigner = (await database.get<Hex>(openingKey(client))) ?? generatePrivateKey()
  await database.put(openingKey(client), coSigner)
  const { sessionId } = await client.openSessionSync({
    host,
    deposit: usdc(5),
    pricePer1000: { token: 'usdc', value: BigInt(pricePer1000) },
    checkpointInterval: 100n,
    coSigner: privateKeyToAddress(coSigner),
  })
  return keepOpened(client, database, { sessionId, coSigner })
}

/** Asks the host, and keeps the answer when its count is right: for one that is not, there is never a signature. */
export async function ask(
  client: FabstirClient,
  database: Database,
  rental: Rental,
  prompt: string,
): Promise<Rental> {
  const { text, tokens } = await askServer<{ text: string; tokens: string }>('/host/answer', {
    sessionId: rental.sessionId.toString(),
    prompt,
  })
  const signedTokens = rental.signedTokens + countTokens(text)
  if (tokens !== signedTokens.toString())
    throw new ServerError(
      `The host counts ${tokens} tokens, and this page has read ${signedTokens}. Nothing was signed.`,
    )
  const asked = {
    ...rental,
    signedTokens,
    transcript: [...rental.transcript, { by: 'you', text: prompt }, { by: 'host', text }] as const,
  }
  await keep(client, database, asked)
  return asked
}

/** Co-signs what the page has read. */
export const coSign = (client: FabstirClient, rental: Rental): Promise<Voucher> =>
  client.signVoucher({
    sessionId: rental.sessionId,
    cumulativeTokens: rental.signedTokens,
    coSigner: privateKeyToAccount(rental.coSigner),
  })

/** Hands the voucher to the host, which records it on chain. */
export async function handIn({ sessionId, cumulativeTokens, ...voucher }: Voucher): Promise<Hash> {
  const { hash } = await askServer<{ hash: Hash }>('/host/checkpoint', {
    ...voucher,
    sessionId: sessionId.toString(),
    cumulativeTokens: cumulativeTokens.toString(),
  })
  return hash
}

/** Has the host settle a session that was completed. */
export async function settle({ sessionId }: Pick<Session, 'sessionId'>): Promise<Hash> {
  const { hash } = await askServer<{ hash: Hash }>('/host/settle', {
    sessionId: sessionId.toString(),
  })
  return hash
}
