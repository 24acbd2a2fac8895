import {
  DuplicateIdError,
  type Hash,
  UnsupportedChainIdError,
  UnsupportedNonOptionalCapabilityError,
} from 'viem'
import type { AccountCall } from '../../accounts/fabstir/executeData.ts'
import { UserOperationUnansweredError } from '../../errors/userOperation.ts'
import { sendOperation } from '../../operations/sendOperation.ts'
import type { WriteClient } from '../../types/client.ts'
import type { ForeignPaymaster } from '../approval.ts'
import { readForeignPaymaster, withForeignPaymaster } from '../foreignSponsor.ts'
import {
  invalidParams,
  readAddress,
  readChainId,
  readFields,
  readList,
  readText,
} from '../params.ts'
import {
  assertApproved,
  assertAuthorized,
  chainIdOf,
  type Method,
  type ProviderSession,
} from '../providerSession.ts'
import { assertBatchSize, readCall } from '../readCalls.ts'
import { reason } from '../reason.ts'
import { unknownChain } from './chains.ts'

/** EIP-5792: ids have up to 4,096 bytes. */
const maxIdLength = 8194

type Batch = {
  client: WriteClient
  id: string | undefined
  calls: readonly AccountCall[]
  paymaster: ForeignPaymaster | undefined
}

/**
 * EIP-5792 `wallet_sendCalls`: all calls as one User Operation, whether atomicity is required or not. Resolves when the
 * bundler has it. Without an id of the app, the operation's hash is the id.
 */
export const sendCalls: Method = async (session, [parameters]) => {
  const { client, id, calls, paymaster } = readBatch(session, parameters)
  if (id === undefined)
    return { id: await approveAndSend(session, { client, id, calls, paymaster }) }

  // From here on the id is taken, until it is sure that nothing was sent.
  if (session.sending.has(id) || session.record.batches.has(id))
    throw new DuplicateIdError(reason(`The app has sent a batch with the id ${id} before.`))
  session.sending.add(id)
  try {
    await approveAndSend(session, { client, id, calls, paymaster })
  } finally {
    session.sending.delete(id)
  }
  return { id }
}

async function approveAndSend(
  session: ProviderSession,
  { client, id, calls, paymaster }: Batch,
): Promise<Hash> {
  await assertApproved(session, client, { type: 'sendCalls', calls, paymaster })
  const hash = await send(paymaster ? withForeignPaymaster(client, paymaster) : client, calls)
  session.record.batches.set(id ?? hash, { chainId: chainIdOf(client), hash })
  await session.save()
  // The app asks after it by its id: another one that wants the same calls is not to be given this operation.
  await client.sent.handOver(hash)
  return hash
}

/** A lost answer leaves the batch pending: it may be included, so that its id must stay taken. */
async function send(client: WriteClient, calls: readonly AccountCall[]): Promise<Hash> {
  try {
    return await sendOperation(client, calls)
  } catch (error) {
    if (error instanceof UserOperationUnansweredError) return error.hash
    throw error
  }
}

function readBatch(session: ProviderSession, parameters: unknown): Batch {
  const fields = readFields(parameters, 'params[0]')
  if (fields.version !== '2.0.0') throw invalidParams('params[0].version', 'is not 2.0.0')
  if (typeof fields.atomicRequired !== 'boolean')
    throw invalidParams('params[0].atomicRequired', 'is neither true nor false')
  const client = clientOf(session, fields)
  const items = readList(fields.calls, 'params[0].calls')
  if (items.length === 0) throw invalidParams('params[0].calls', 'is empty')
  assertBatchSize(items.length, session.maxCalls)
  return {
    client,
    id: fields.id === undefined ? undefined : readId(fields.id),
    calls: items.map((item, index) => {
      const field = `params[0].calls[${index}]`
      const call = readFields(item, field)
      readCapabilities(call.capabilities, `${field}.capabilities`, [])
      return readCall(call, field, client)
    }),
    paymaster: readPaymaster(fields.capabilities),
  }
}

function clientOf(
  session: ProviderSession,
  { chainId: chainId_, from }: Readonly<Record<string, unknown>>,
): WriteClient {
  const chainId = readChainId(chainId_, 'params[0].chainId')
  const client = session.clients.get(chainId)
  if (!client) throw new UnsupportedChainIdError(reason(unknownChain(session, chainId)))
  assertAuthorized(
    session,
    client,
    from === undefined ? undefined : readAddress(from, 'params[0].from'),
  )
  return client
}

function readId(value: unknown): string {
  const id = readText(value, 'params[0].id')
  if (id === '' || id.length > maxIdLength)
    throw invalidParams('params[0].id', `has ${id.length} characters, not 1 to ${maxIdLength}`)
  return id
}

function readPaymaster(value: unknown): ForeignPaymaster | undefined {
  const field = 'params[0].capabilities'
  const { paymasterService } = readCapabilities(value, field, ['paymasterService'])
  return paymasterService === undefined
    ? undefined
    : readForeignPaymaster(paymasterService, `${field}.paymasterService`)
}

/** Refuses (5700) what the wallet does not know, unless the app can do without. */
function readCapabilities(value: unknown, field: string, known: readonly string[]) {
  const capabilities = value === undefined ? {} : readFields(value, field)
  for (const [name, capability] of Object.entries(capabilities)) {
    if (known.includes(name) || capability === undefined) continue
    if (readFields(capability, `${field}.${name}`).optional !== true)
      throw new UnsupportedNonOptionalCapabilityError(
        reason(`The wallet does not know the capability ${name} of ${field}.`),
      )
  }
  return capabilities
}
