import { type Hex, numberToHex, UnknownBundleIdError } from 'viem'
import type { UserOperationReceipt } from 'viem/account-abstraction'
import { UserOperationDroppedError } from '../../errors/userOperation.ts'
import { askOperation, type Outcome } from '../../operations/askOperation.ts'
import { recordOutcome } from '../../operations/recordOutcome.ts'
import type { WriteClient } from '../../types/client.ts'
import { readText } from '../params.ts'
import { chainIdOf, type Method, type ProviderSession } from '../providerSession.ts'
import type { Batch } from '../providerStorage.ts'
import { reason } from '../reason.ts'

/** Status codes of EIP-5792. 600 (a part reverted) never comes: a batch is one operation. */
const status = { pending: 100, confirmed: 200, dropped: 400, reverted: 500 } as const

/** EIP-5792 `wallet_getCallsStatus`. The bundler is asked each time: what is on chain can leave it again. */
export const getCallsStatus: Method = async (session, [id_]) => {
  const id = readText(id_, 'params[0]')
  const batch = findBatch(session, id)
  const chainId = batch?.chainId ?? chainIdOf(session.client)
  const answer = { version: '2.0.0', id, chainId: numberToHex(chainId), atomic: true }
  const client = session.clients.get(chainId)
  if (!batch || !client) return { ...answer, status: status.pending, receipts: [] }
  return { ...answer, ...toStatus(await ask(session, client, batch)) }
}

/** EIP-5792 `wallet_showCallsStatus`. */
export const showCallsStatus: Method = (session, [id]) => {
  const text = readText(id, 'params[0]')
  const batch = findBatch(session, text)
  session.show?.({ id: text, chainId: batch?.chainId ?? chainIdOf(session.client), ...batch })
  return null
}

/** `undefined` while it is on its way to the bundler. Apps know their own batches only (5730). */
function findBatch({ record, sending }: ProviderSession, id: string): Batch | undefined {
  const batch = record.batches.get(id)
  if (!batch && !sending.has(id))
    throw new UnknownBundleIdError(reason(`The app has sent no batch with the id ${id}.`))
  return batch
}

async function ask(
  { dropped }: ProviderSession,
  client: WriteClient,
  { hash }: Batch,
): Promise<Outcome | undefined> {
  const outcome = await askOperation(client, hash, true)
  const isDropped = outcome instanceof UserOperationDroppedError
  // Behind a balancer, one server may not know what another has: it takes two in a row.
  if (isDropped && !dropped.has(hash)) {
    dropped.add(hash)
    return undefined
  }
  if (!isDropped) dropped.delete(hash)
  if (outcome) await recordOutcome(client, hash, outcome)
  return outcome
}

function toStatus(outcome: Outcome | undefined) {
  if (!outcome) return { status: status.pending, receipts: [] }
  if (outcome instanceof UserOperationDroppedError) return { status: status.dropped, receipts: [] }
  return {
    status: outcome.success ? status.confirmed : status.reverted,
    receipts: [toReceipt(outcome)],
  }
}

/** Logs and status are the operation's own; the transaction may have carried others. */
function toReceipt({ success, logs, receipt }: UserOperationReceipt) {
  const { blockHash, blockNumber, gasUsed, transactionHash } = receipt
  return {
    logs: logs.map(({ address, data, topics }) => ({ address, data, topics })),
    status: (success ? '0x1' : '0x0') as Hex,
    blockHash,
    blockNumber: numberToHex(blockNumber),
    gasUsed: numberToHex(gasUsed),
    transactionHash,
  }
}
