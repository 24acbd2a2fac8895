import type { Hex } from 'viem'
import { expect, test } from 'vitest'
import { findInclusion } from '../pipeline/lookup.ts'
import { testHash } from '../testing/pooledOperation.ts'
import { lookupsOf } from './lookups.ts'

test('hashes that nobody knows do not all search the chain at once', async () => {
  const searched: Hex[] = []
  const gate = Promise.withResolvers<undefined>()
  const lookups = lookupsOf({
    chainId: 1,
    reader: { request: () => Promise.reject(new Error('the node is asked')) },
    mempool: { get: () => undefined },
    store: { findOperation: async () => undefined, findInclusion: async () => undefined },
    bundles: { carrierOf: () => undefined },
    findInclusionOnChain(hash: Hex) {
      searched.push(hash)
      return gate.promise
    },
  })
  const hashes = Array.from({ length: 1_009 }, (_, n) => testHash(n))
  const found = hashes.map((hash) => findInclusion(lookups, hash))
  await expect(found.at(-1)).rejects.toMatchObject({ code: -32000, data: { reason: 'busy' } })
  expect(searched).toEqual(hashes.slice(0, 8))
  gate.resolve(undefined)
  expect(await Promise.all(found.slice(0, -1))).toEqual(Array(1_008).fill(undefined))
  expect(searched).toEqual(hashes.slice(0, -1))
})
