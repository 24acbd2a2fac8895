import type { UserOperation } from '@fabstir/erc4337'
import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import type { PooledOperation } from '../types/pooledOperation.ts'

/** A checksummed address that ends with `n`. */
export function testAddress(n: number): Hex {
  return `0x${'0'.repeat(32)}${n.toString(10).padStart(8, '0')}`
}

/** A 32-byte value that ends with `n`. */
export function testHash(n: number): Hex {
  return `0x${n.toString(16).padStart(64, '0')}`
}

/** An operation for tests: name only the fields the case is about. */
export function testOperation(fields: Partial<UserOperation> = {}): UserOperation {
  return {
    sender: testAddress(1),
    nonce: 0n,
    callData: '0x',
    callGasLimit: 100_000n,
    verificationGasLimit: 200_000n,
    preVerificationGas: 50_000n,
    maxFeePerGas: 100n,
    maxPriorityFeePerGas: 10n,
    signature: '0x',
    ...fields,
  }
}

/** A pooled operation with hash number `n`. */
export function testPooled(
  n: number,
  op: Partial<UserOperation> = {},
  fields: Partial<PooledOperation> = {},
): PooledOperation {
  return {
    hash: testHash(n),
    entryPoint: defaultEntryPoint,
    op: testOperation(op),
    prefund: 1_000n,
    validAfter: 0,
    validUntil: 0,
    addedAt: n,
    ...fields,
  }
}
