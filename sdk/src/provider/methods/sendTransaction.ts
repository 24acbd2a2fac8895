import { ChainDisconnectedError, UnsupportedProviderMethodError } from 'viem'
import { sendOperation } from '../../operations/sendOperation.ts'
import { waitForTransaction } from '../../operations/waitForTransaction.ts'
import { readAddress, readChainId, readFields } from '../params.ts'
import { assertApproved, assertAuthorized, chainIdOf, type Method } from '../providerSession.ts'
import { readCall } from '../readCalls.ts'
import { reason } from '../reason.ts'

/** Parts of a transaction that mean something else than a call, and that no User Operation of an account has. */
const otherMeanings = ['authorizationList', 'blobs', 'blobVersionedHashes', 'maxFeePerBlobGas']

/**
 * Sends the call as a User Operation and resolves with the hash of the transaction that included it (decision 90).
 * Gas, fees and nonce are the wallet's to choose.
 */
export const sendTransaction: Method = async (session, [transaction]) => {
  const { client } = session
  const fields = readFields(transaction, 'params[0]')
  assertAuthorized(
    session,
    client,
    fields.from === undefined ? undefined : readAddress(fields.from, 'params[0].from'),
  )
  if (fields.chainId !== undefined) {
    const chainId = readChainId(fields.chainId, 'params[0].chainId')
    if (chainId !== chainIdOf(client))
      throw new ChainDisconnectedError(
        reason(`The provider is on chain ${chainIdOf(client)}, not on ${chainId}.`),
      )
  }
  const other = otherMeanings.find((name) => fields[name] !== undefined)
  if (other)
    throw new UnsupportedProviderMethodError(reason(`No account sends transactions with ${other}.`))
  // Nodes take `input` for `data`; with both they want the same.
  const { to, value, data = fields.input } = fields
  const call = readCall({ to, value, data }, 'params[0]', client)
  await assertApproved(session, client, { type: 'sendCalls', calls: [call], paymaster: undefined })
  const hash = await sendOperation(client, [call])
  return (await waitForTransaction(client, hash)).transactionHash
}
