import type { Client } from 'viem'
import { getChainId } from 'viem/actions'
import { defaultTimeout, within } from '../operations/within.ts'
import type { ReadClient, WriteClient } from '../types/client.ts'
import { FabstirError } from './base.ts'
import { toFabstirError } from './toFabstirError.ts'
import { ChainMismatchError, RequestRefusedError, type Service } from './transport.ts'
import { EntryPointRefusedError } from './userOperation.ts'

/**
 * {@link toFabstirError} that also looks whether a service of another chain is behind a refusal or an answer that
 * nothing explains. The services are asked only then.
 */
export async function explainFailure(error: unknown, client: WriteClient): Promise<Error> {
  return explain(toFabstirError(error, client), client.contracts.chainId, {
    node: client.client,
    bundler: client,
  })
}

/**
 * Reads of the chain, with typed errors.
 * @throws {NodeUnavailableError} When the node does not answer.
 * @throws {ChainMismatchError} When it is the node of another chain.
 * @throws {ContractRevertedError} When a contract refuses.
 */
export async function withTypedErrors<result>(
  { client, contracts, wait }: ReadClient & Partial<Pick<WriteClient, 'wait'>>,
  read: () => Promise<result>,
): Promise<result> {
  try {
    return await within(wait?.timeout ?? defaultTimeout, read())
  } catch (error) {
    const typed = toFabstirError(error, { contracts })
    throw await explain(typed, contracts.chainId, { node: client })
  }
}

/**
 * Looks whether the node answers and is on the chain of the contracts.
 * @throws {NodeUnavailableError | ChainMismatchError} When not.
 */
export async function assertSameChain(client: ReadClient): Promise<void> {
  const expected = client.contracts.chainId
  const actual = await withTypedErrors(client, () => getChainId(client.client))
  if (actual !== expected) throw new ChainMismatchError({ service: 'node', expected, actual })
}

async function explain(
  typed: Error,
  expected: number,
  services: { readonly [service in Service]?: Client },
): Promise<Error> {
  const isUnexplained =
    typed instanceof EntryPointRefusedError || typed instanceof RequestRefusedError
  if (typed instanceof FabstirError && !isUnexplained) return typed
  const mismatches = await Promise.all(
    Object.entries(services).map(async ([service, client]) => {
      // A service that does not say is not to blame.
      const actual = await within(explanationTimeout, getChainId(client)).catch(() => expected)
      if (actual === expected) return undefined
      return new ChainMismatchError({ service: service as Service, expected, actual, cause: typed })
    }),
  )
  return mismatches.find((mismatch) => mismatch !== undefined) ?? typed
}

/** Milliseconds for a service to say its chain, after something has failed already. */
const explanationTimeout = 10_000
