import type { UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { keccak256, numberToHex, toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import type { CallParameters } from '../../chain/reader.ts'
import { createOpStack } from './opStack.ts'
import type { OpStackPrices } from './opStackFee.ts'
import { l1DataFee, operatorFee } from './opStackFee.ts'

const gwei = 1_000_000_000n
/** Scalars of OP Mainnet in 2025; an L1 of 10 gwei with a blob base fee of 1 gwei. */
const prices: OpStackPrices = {
  l1BaseFee: 10n * gwei,
  blobBaseFee: gwei,
  baseFeeScalar: 5_227n,
  blobBaseFeeScalar: 1_014_213n,
  operatorFeeConstant: 0n,
  operatorFeePerMillionGas: 0n,
  baseFee: 1_000_000n,
}

const operation = (fields: Partial<UserOperation> = {}): UserOperation => ({
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  callData: '0x',
  callGasLimit: 20_000n,
  verificationGasLimit: 100_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: gwei,
  maxPriorityFeePerGas: 1_000_000n,
  signature: `0x${'ab'.repeat(65)}`,
  ...fields,
})
const [, , entryPoint] = entryPointAdapters
if (!entryPoint) throw new RangeError('no EntryPoint')

/** A chain of the OP stack with these prices, which counts what it is asked. */
function chain(options: { isthmus?: boolean } = {}) {
  const state = { prices, head: numberToHex(1, { size: 32 }), time: 0, asked: 0 }
  const functions: Record<string, (data: Hex) => bigint | undefined> = {
    'l1BaseFee()': () => state.prices.l1BaseFee,
    'blobBaseFee()': () => state.prices.blobBaseFee,
    'baseFeeScalar()': () => state.prices.baseFeeScalar,
    'blobBaseFeeScalar()': () => state.prices.blobBaseFeeScalar,
    'getOperatorFee(uint256)': (data) =>
      options.isthmus ? operatorFee(BigInt(`0x${data.slice(10)}`), state.prices) : undefined,
  }
  const dataAvailability = createOpStack({
    reader: {
      async call({ data }: CallParameters) {
        state.asked += 1
        const found = Object.entries(functions).find(
          ([signature]) => toFunctionSelector(signature) === data.slice(0, 10),
        )
        const value = found?.[1](data)
        return value === undefined
          ? { ok: false, data: '0x', message: 'reverted' }
          : { ok: true, data: numberToHex(value, { size: 32 }) }
      },
    },
    chainId: 10,
    gasPrice: async () => ({ baseFee: state.prices.baseFee }),
    head: () => ({ hash: state.head }),
    standingMs: 1_000,
    now: () => state.time,
  })
  const moveTo = (changed: Partial<OpStackPrices>) => {
    state.prices = { ...state.prices, ...changed }
    state.head = numberToHex(BigInt(state.head) + 1n, { size: 32 })
  }
  return { state, dataAvailability, moveTo }
}

describe('the fees of a transaction', () => {
  test('a small one counts as 100 bytes', () => {
    // 100 bytes * (16 * 5,227 * 10 gwei + 1,014,213 * 1 gwei) / 10^6
    const wei = (100n * (16n * 5_227n * 10n * gwei + 1_014_213n * gwei)) / 1_000_000n
    expect(l1DataFee(new Uint8Array(50), prices)).toBe(wei)
    expect(l1DataFee(new Uint8Array(1_000), prices)).toBe(wei)
  })

  test('a large one counts by its FastLZ length', () => {
    // 1,024 bytes that do not repeat within a match are 1,056: 836,500 * 1,056 - 42,585,600.
    const data = Uint8Array.from({ length: 1_024 }, (_, at) => (at % 256) ^ (at >> 8))
    const size = 836_500n * 1_056n - 42_585_600n
    const price = 16n * 5_227n * 10n * gwei + 1_014_213n * gwei
    const fee = l1DataFee(data, prices)
    expect(fee).toBeLessThanOrEqual((size * price) / 10n ** 12n)
    expect(fee).toBeGreaterThan((size * price * 9n) / 10n ** 13n)
  })

  test('the operator fee is linear in gas', () => {
    const charged = { ...prices, operatorFeeConstant: 7n, operatorFeePerMillionGas: 3_000_000n }
    expect(operatorFee(0n, charged)).toBe(7n)
    expect(operatorFee(100_000n, charged)).toBe(7n + 300_000n)
  })
})

describe('createOpStack', () => {
  test('the gas that is offered pays the fee at the price of the operation', async () => {
    const { dataAvailability } = chain()
    const op = operation()
    const gas = await dataAvailability.offered(op, entryPoint)
    const paid = gas * (prices.baseFee + op.maxPriorityFeePerGas)
    // 500 bytes and more, of which less than half is not zero.
    const byte = (16n * 5_227n * 10n * gwei + 1_014_213n * gwei) / 1_000_000n
    expect(paid).toBeGreaterThan(150n * byte)
    expect(paid).toBeLessThan(500n * byte)
  })

  test('a bundle pays for the data of all its operations, and the operator fee of its gas', async () => {
    const { dataAvailability, moveTo } = chain({ isthmus: true })
    const fee = (count: number, gasUsed = 0n) =>
      dataAvailability.ofBundle({
        entryPoint,
        data: entryPoint.encodeHandleOps(
          Array.from({ length: count }, (_, n) =>
            operation({ callData: keccak256(numberToHex(n)) }),
          ),
          operation().sender,
        ),
        gasUsed,
      })
    const [one, three] = [await fee(1), await fee(3)]
    expect(three).toBeGreaterThan(one)
    moveTo({ l1BaseFee: 20n * gwei, blobBaseFee: 2n * gwei })
    expect(await fee(1)).toBeGreaterThanOrEqual(2n * one)
    moveTo({ operatorFeePerMillionGas: 5_000_000n, l1BaseFee: 10n * gwei, blobBaseFee: gwei })
    expect(await fee(1, 1_000n)).toBe(one + 5_000n)
  })

  test('prices are read once for each head', async () => {
    const { state, dataAvailability, moveTo } = chain()
    await dataAvailability.offered(operation(), entryPoint)
    const once = state.asked
    await dataAvailability.demanded(operation(), entryPoint)
    expect(state.asked).toBe(once)
    moveTo({})
    await dataAvailability.demanded(operation(), entryPoint)
    expect(state.asked).toBe(2 * once)
  })

  test('data that does not compress costs more, at every EntryPoint', async () => {
    const { dataAvailability } = chain()
    const noise =
      `0x${Array.from({ length: 600 }, (_, at) => ((at * at * 31 + at * 7) % 251).toString(16).padStart(2, '0')).join('')}` as const
    for (const adapter of entryPointAdapters) {
      const zeros = await dataAvailability.offered(
        operation({ callData: `0x${'00'.repeat(600)}` }),
        adapter,
      )
      const noisy = await dataAvailability.offered(operation({ callData: noise }), adapter)
      expect(noisy).toBeGreaterThan((zeros * 3n) / 2n)
    }
  })

  test.each([
    { name: 'the L1 becomes dearer', changed: { l1BaseFee: 20n * gwei } },
    { name: 'blobs become dearer', changed: { blobBaseFee: 5n * gwei } },
    { name: 'the chain becomes cheaper', changed: { baseFee: 100_000n } },
  ])('an offer stands while $name', async ({ changed }) => {
    const { state, dataAvailability, moveTo } = chain()
    const offered = await dataAvailability.offered(operation(), entryPoint)
    moveTo(changed)
    state.time = 1_000
    expect(await dataAvailability.demanded(operation(), entryPoint)).toBeLessThanOrEqual(offered)
    state.time = 1_001
    expect(await dataAvailability.demanded(operation(), entryPoint)).toBeGreaterThan(offered)
  })

  test('a cheaper L1 lowers the demand at once', async () => {
    const { dataAvailability, moveTo } = chain()
    const offered = await dataAvailability.offered(operation(), entryPoint)
    moveTo({ l1BaseFee: gwei, blobBaseFee: gwei / 10n })
    expect(await dataAvailability.demanded(operation(), entryPoint)).toBeLessThan(offered / 2n)
  })

  test('since Isthmus the operator fee comes on top', async () => {
    const charged = { operatorFeeConstant: 10n ** 12n, operatorFeePerMillionGas: 10n ** 12n }
    const before = chain()
    const since = chain({ isthmus: true })
    before.moveTo(charged)
    since.moveTo(charged)
    const without = await before.dataAvailability.offered(operation(), entryPoint)
    const included = await since.dataAvailability.offered(operation(), entryPoint)
    // 10^12 wei and 180,000 gas at 10^6 wei, paid at 2,000,000 wei per gas.
    const wei = 10n ** 12n + 180_000n * 1_000_000n
    expect(included - without).toBeGreaterThanOrEqual(wei / 2_000_000n)
    expect(included - without).toBeLessThanOrEqual((wei * 103n) / 100n / 2_000_000n)
  })
})
