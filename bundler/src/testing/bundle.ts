import type { Block } from '../chain/block.ts'
import type { Bundle } from '../types/bundle.ts'
import { bundleId } from '../types/bundle.ts'
import { testAddress, testHash } from './pooledOperation.ts'

/** A bundle in flight with nonce `nonce` and one transaction, for tests. */
export function testBundle(nonce: number, fields: Partial<Bundle> = {}): Bundle {
  const { executor = testAddress(9), operations = [testHash(1)] } = fields
  return {
    id: bundleId(executor, nonce),
    entryPoint: testAddress(8),
    executor,
    nonce,
    operations,
    transactions: [
      {
        hash: testHash(700 + nonce),
        raw: '0x02ff',
        maxFeePerGas: 20n,
        maxPriorityFeePerGas: 8n,
        operations,
      },
    ],
    createdAt: 1_000,
    sentAtBlock: 10,
    ...fields,
  }
}

/** A block for tests; `fork` tells blocks with the same number apart. */
export function testBlock(number: number, fields: Partial<Block> = {}, fork = 0): Block {
  return {
    number,
    hash: testHash(10_000 * fork + number + 1_000),
    parentHash: testHash(number + 999),
    timestamp: 1_700_000_000 + number,
    gasLimit: 30_000_000n,
    baseFeePerGas: 10n,
    ...fields,
  }
}
