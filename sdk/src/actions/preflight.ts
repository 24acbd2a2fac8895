import {
  type EstimateUserOperationGasReturnType,
  estimateUserOperationGas,
} from 'viem/account-abstraction'
import type { AccountCall } from '../accounts/fabstir/executeData.ts'
import { explainFailure } from '../errors/explainFailure.ts'
import { within } from '../operations/within.ts'
import type { WriteClient } from '../types/client.ts'
import { type ActionCall, prepareActions } from './write.ts'

export type Preflight = {
  /** What the account would do. */
  calls: readonly AccountCall[]
  /** Gas limits of the bundler's estimate. */
  gas: EstimateUserOperationGasReturnType
}

/**
 * Runs actions as they would be included now, without signing or sending anything and without a sponsor's budget:
 * checks balances, what the sponsor's policy says, the account's own rules and every contract. Sending does the same by
 * itself before it signs.
 * @throws {InsufficientBalanceError} When the account cannot pay the calls.
 * @throws {FabstirError} The typed error of whoever would refuse: account, paymaster, EntryPoint or contract.
 * @example
 * await preflight(client, [claimJob.call({ jobId })])
 */
export async function preflight(
  client: WriteClient,
  actions: readonly ActionCall<unknown>[],
): Promise<Preflight> {
  const prepared = await prepareActions(client, actions)
  const calls = prepared.flatMap((part) => part.calls)
  const { account, paymaster } = client
  // With one function alone, viem asks for no signature: only for what gas is estimated with.
  const stubs = typeof paymaster === 'object' && paymaster.getPaymasterStubData
  try {
    const estimating = estimateUserOperationGas(client, {
      account,
      calls: [...calls],
      ...(stubs && { paymaster: { getPaymasterData: stubs } }),
    })
    const gas = await within(2 * client.wait.timeout, estimating)
    return { calls, gas }
  } catch (error) {
    throw await explainFailure(error, client)
  }
}
