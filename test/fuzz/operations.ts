import fc from 'fast-check'
import type { Address, Hex } from 'viem'

/** Quantities that are right, at an edge, or wrong in a way that somebody has sent before. */
const quantity = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.bigInt({ min: 0n, max: 2n ** 24n }).map((value) => `0x${value.toString(16)}`),
  },
  fc.bigInt({ min: 0n, max: 2n ** 256n }).map((value) => `0x${value.toString(16)}`),
  fc.constantFrom(
    ...['0x', '0x0', '0x00', '0X1', '1', '-0x1', '0x-1', '0xg', '1e3', '', ' 0x1', '0x1 ', 'NaN'],
    ...[64n, 120n, 128n, 256n].flatMap((bits) => [
      `0x${(2n ** bits - 1n).toString(16)}`,
      `0x${(2n ** bits).toString(16)}`,
    ]),
    `0x${'0'.repeat(63)}1`,
    `0x${'f'.repeat(200)}`,
  ),
)

const hex = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes): Hex => `0x${Buffer.from(bytes).toString('hex')}`),
  fc.constantFrom('0x', '0x0', '0x123', '0xzz', '0X12', 'ff', `0x${'ab'.repeat(20_000)}`),
)

const address = fc.oneof(
  fc
    .uint8Array({ minLength: 20, maxLength: 20 })
    .map((bytes): Address => `0x${Buffer.from(bytes).toString('hex')}`),
  fc.constantFrom(
    `0x${'00'.repeat(20)}`,
    `0x${'00'.repeat(19)}01`,
    `0x${'00'.repeat(19)}04`,
    `0x${'ff'.repeat(20)}`,
    '0x7702',
    `0x7702${'00'.repeat(18)}`,
    `0x${'AA'.repeat(19)}bB`,
    '0x12',
  ),
)

/** Values of every JSON type, none of which belongs there. */
const foreign = fc.oneof(
  fc.constantFrom(null, true, 0, -1, 1.5, 1e308, '', '\u0000', '💥', '__proto__'),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
)

const authorization = fc.oneof(
  fc.record(
    {
      chainId: quantity,
      address,
      nonce: quantity,
      yParity: quantity,
      r: fc.oneof(hex, quantity),
      s: fc.oneof(hex, quantity),
      v: quantity,
    },
    { requiredKeys: [] },
  ),
  foreign,
)

const byField: Record<string, fc.Arbitrary<unknown>> = {
  sender: address,
  nonce: quantity,
  initCode: hex,
  factory: address,
  factoryData: hex,
  callData: hex,
  callGasLimit: quantity,
  verificationGasLimit: quantity,
  preVerificationGas: quantity,
  maxFeePerGas: quantity,
  maxPriorityFeePerGas: quantity,
  paymaster: address,
  paymasterData: hex,
  paymasterVerificationGasLimit: quantity,
  paymasterPostOpGasLimit: quantity,
  paymasterAndData: hex,
  paymasterSignature: hex,
  signature: hex,
  eip7702Auth: authorization,
  gasLimit: quantity,
}

type Mutation = (operation: Record<string, unknown>) => void

const mutation: fc.Arbitrary<Mutation> = fc
  .constantFrom(...Object.keys(byField))
  .chain((field) =>
    fc.oneof(
      { weight: 6, arbitrary: (byField[field] ?? foreign).map((value) => ({ field, value })) },
      { weight: 2, arbitrary: foreign.map((value) => ({ field, value })) },
      { weight: 1, arbitrary: fc.constant({ field, value: undefined }) },
    ),
  )
  .map(({ field, value }) => (operation) => {
    if (value === undefined) delete operation[field]
    else operation[field] = value
  })

/** A good operation, at most two of its fields changed, dropped or added. */
export function operationNear(good: Record<string, unknown>): fc.Arbitrary<unknown> {
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc.array(mutation, { maxLength: 2 }).map((mutations) => {
        const mutated = { ...good }
        for (const mutate of mutations) mutate(mutated)
        return mutated
      }),
    },
    { weight: 1, arbitrary: foreign },
  )
}

const storage = fc.dictionary(fc.oneof(hex, quantity), fc.oneof(hex, quantity, foreign), {
  maxKeys: 3,
})

export const stateOverride = fc.oneof(
  fc.dictionary(
    fc.oneof(address, fc.string()),
    fc.record(
      { balance: quantity, nonce: quantity, code: hex, state: storage, stateDiff: storage, x: hex },
      { requiredKeys: [] },
    ),
    { maxKeys: 3 },
  ),
  foreign,
)

export const anyHash = fc.oneof(
  fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`),
  hex,
  foreign,
)

export { address as anyAddress, foreign as anyJson, hex as anyHex, quantity as anyQuantity }
