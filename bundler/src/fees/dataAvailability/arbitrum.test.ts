import type { UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { concat, decodeFunctionData, encodeAbiParameters, numberToHex, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import type { CallParameters } from '../../chain/reader.ts'
import { createArbitrum } from './arbitrum.ts'
import { probeDataAvailability, UnsupportedDataFeeError } from './probeDataAvailability.ts'

const abi = parseAbi([
  'function gasEstimateL1Component(address to, bool contractCreation, bytes data) payable returns (uint64, uint256, uint256)',
])
const operation: UserOperation = {
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  callData: '0x',
  callGasLimit: 20_000n,
  verificationGasLimit: 100_000n,
  preVerificationGas: 50_000n,
  maxFeePerGas: 1_000n,
  maxPriorityFeePerGas: 0n,
  signature: '0x',
}
const [, , entryPoint] = entryPointAdapters
if (!entryPoint) throw new RangeError('no EntryPoint')

/** A node of Arbitrum that charges 16 units for each byte. */
function chain() {
  const state = { baseFee: 100n, l1BaseFee: 1_000n, time: 0 }
  const dataAvailability = createArbitrum({
    reader: {
      async call({ to, data }: CallParameters) {
        expect(to).toBe('0x00000000000000000000000000000000000000C8')
        const { args } = decodeFunctionData({ abi, data })
        expect(args.slice(0, 2)).toEqual([entryPoint?.address, false])
        const units = 16n * BigInt((args[2].length - 2) / 2)
        const gas = (units * state.l1BaseFee) / state.baseFee
        const answer = [gas, state.baseFee, state.l1BaseFee] as const
        return {
          ok: true,
          data: encodeAbiParameters(
            [{ type: 'uint64' }, { type: 'uint256' }, { type: 'uint256' }],
            answer,
          ),
        }
      },
    },
    standingMs: 1_000,
    now: () => state.time,
  })
  return { state, dataAvailability }
}

describe('createArbitrum', () => {
  test('gas pays for the data of the bundle at the base fee', async () => {
    const { dataAvailability } = chain()
    const bytes = BigInt((entryPoint.encodeHandleOps([operation], operation.sender).length - 2) / 2)
    const gas = (16n * bytes * 1_000n) / 100n
    const offered = await dataAvailability.offered(operation, entryPoint)
    expect(offered).toBeGreaterThanOrEqual(gas)
    expect(offered).toBeLessThanOrEqual((gas * 103n) / 100n)
    expect(await dataAvailability.demanded(operation, entryPoint)).toBe(gas)
  })

  test('a bundle pays for its data at the base fee', async () => {
    const { dataAvailability } = chain()
    const bundle = { entryPoint, data: `0x${'ab'.repeat(100)}` as const, gasUsed: 1n }
    expect(await dataAvailability.ofBundle(bundle)).toBe(16n * 100n * 1_000n)
  })

  test('an operation that pays twice the base fee needs half the gas', async () => {
    const { dataAvailability } = chain()
    const plain = await dataAvailability.demanded(operation, entryPoint)
    const tipping = { ...operation, maxPriorityFeePerGas: 100n }
    expect(await dataAvailability.demanded(tipping, entryPoint)).toBe(plain / 2n)
  })

  test('an offer stands while the L1 becomes dearer', async () => {
    const { state, dataAvailability } = chain()
    const offered = await dataAvailability.offered(operation, entryPoint)
    Object.assign(state, { l1BaseFee: 3_000n, time: 1_000 })
    expect(await dataAvailability.demanded(operation, entryPoint)).toBeLessThanOrEqual(offered)
    state.time = 1_001
    expect(await dataAvailability.demanded(operation, entryPoint)).toBeGreaterThan(2n * offered)
  })
})

describe('probeDataAvailability', () => {
  const oracle = '0x420000000000000000000000000000000000000F'
  const probe = (codes: Record<string, Hex>, isFjord?: boolean) =>
    probeDataAvailability({
      request: async (_method, [address]) => codes[String(address)] ?? '0x',
      call: async () =>
        isFjord === undefined
          ? { ok: false, data: '0x', message: 'reverted' }
          : { ok: true, data: numberToHex(isFjord ? 1 : 0, { size: 32 }) },
    })

  test.each([
    { name: 'a chain without either', codes: {}, isFjord: undefined, kind: 'none' },
    { name: 'Fjord', codes: { [oracle]: '0x60' }, isFjord: true, kind: 'opStack' },
    {
      name: 'ArbOS',
      codes: { '0x000000000000000000000000000000000000006C': '0xfe' },
      isFjord: undefined,
      kind: 'arbitrum',
    },
  ] as const)('$name: $kind', async ({ codes, isFjord, kind }) => {
    expect(await probe(codes, isFjord)).toBe(kind)
  })

  test.each([undefined, false])('an oracle from before Fjord (%s) is refused', async (isFjord) => {
    const code: Hex = concat(['0x60', '0x00'])
    await expect(probe({ [oracle]: code }, isFjord)).rejects.toThrow(UnsupportedDataFeeError)
  })
})
