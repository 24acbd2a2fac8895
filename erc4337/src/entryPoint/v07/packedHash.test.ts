import fc from 'fast-check'
import type { Address, Hex } from 'viem'
import { getUserOperationHash } from 'viem/account-abstraction'
import { expect, test } from 'vitest'
import { packedHasher } from './packedHash.ts'

const hex = (size: { minLength: number; maxLength: number }) =>
  fc.uint8Array(size).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`)
const address = hex({ minLength: 20, maxLength: 20 }) as fc.Arbitrary<Address>
const bytes = hex({ minLength: 0, maxLength: 300 })
const gas = fc.bigInt({ min: 0n, max: (1n << 120n) - 1n })
const marker = '0x7702000000000000000000000000000000000000'

const operations = fc.record(
  {
    sender: address,
    nonce: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
    callData: bytes,
    callGasLimit: gas,
    verificationGasLimit: gas,
    preVerificationGas: fc.bigInt({ min: 0n, max: (1n << 256n) - 1n }),
    maxFeePerGas: gas,
    maxPriorityFeePerGas: gas,
    signature: bytes,
    factory: fc.oneof(address, fc.constant<Address>(marker)),
    factoryData: bytes,
    authorization: fc.record({
      address,
      chainId: fc.constant(1),
      nonce: fc.constant(0),
      r: fc.constant<Hex>('0x1'),
      s: fc.constant<Hex>('0x1'),
      yParity: fc.constant(0),
    }),
    paymaster: address,
    paymasterData: bytes,
    paymasterVerificationGasLimit: gas,
    paymasterPostOpGasLimit: gas,
    paymasterSignature: hex({ minLength: 1, maxLength: 80 }),
  },
  {
    requiredKeys: [
      ...(['sender', 'nonce', 'callData', 'callGasLimit', 'verificationGasLimit'] as const),
      ...(['preVerificationGas', 'maxFeePerGas', 'maxPriorityFeePerGas', 'signature'] as const),
    ],
  },
)

test.each(['0.7', '0.8', '0.9'] as const)(
  'EntryPoint %s: the hash of any operation, on any chain, is the one that viem makes',
  (version) => {
    fc.assert(
      fc.property(
        operations,
        address,
        fc.array(fc.integer({ min: 1, max: 2 ** 31 }), { minLength: 1, maxLength: 3 }),
        (userOperation, entryPointAddress, chainIds) => {
          const hash = packedHasher(entryPointAddress, version)
          for (const chainId of chainIds)
            expect(hash(userOperation, chainId)).toBe(
              getUserOperationHash({
                chainId,
                entryPointAddress,
                entryPointVersion: version,
                userOperation,
              }),
            )
        },
      ),
    )
  },
)
