import type { EntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { decodeFunctionResult, encodeFunctionData, slice } from 'viem'
import type { CallParameters } from '../chain/reader.ts'
import { largerOf } from '../math/amounts.ts'
import { delegationOverride, mergeStateOverrides } from '../simulation/stateOverride.ts'
import type { PooledOperation } from '../types/pooledOperation.ts'
import { executionGas, HANDLE_OPS_FIXED_GAS, handleOpsGas } from './bundleGas.ts'
import { bundleDriverAbi, bundleDriverCode } from './generated/bundleDriver.ts'

export type BundleToRun = {
  entryPoint: EntryPointAdapter
  /** Of the EntryPoint, where its own cannot be called by a contract. */
  entryPointCode?: Hex | undefined
  operations: readonly PooledOperation[]
  executor: Address
  /** Wei per gas; at least the base fee of the block that answers. */
  gasPrice: bigint
}

/** Verdicts of `BundleDriver.sol`, in its order. */
export const driverVerdicts = [
  'undecided',
  'passed',
  'failedInCompany',
  'failedAmongSiblings',
  'failed',
] as const
export type DriverVerdict = (typeof driverVerdicts)[number]

export type DriverResult = {
  blockNumber: number
  parentHash: Hex
  /** Wei per gas. */
  baseFee: bigint
  verdicts: DriverVerdict[]
  /** What the EntryPoint reverted with because of an operation; `0x` for one that passed. */
  reverts: Hex[]
  /** Gas of `handleOps` with all that passed. */
  gasUsed: bigint
  /** Wei for the executor. */
  paid: bigint
}

/** An address without code, also of another chain. */
const driver: Address = '0x00000000000000000000000000000000b0d1eca1'
/** What geth allows for an `eth_call` unless told otherwise; nodes with another limit cut it down. */
const CALL_GAS = 50_000_000n
/** Wei of the executor during the call, so that no balance stands in the way of `gasPrice`. */
const PLENTY: Hex = '0xffffffffffffffffffffffffffffffff'

/** The `eth_call` that finds, whatever fails, the operations that pass together. */
export function driverCall(bundle: BundleToRun): CallParameters {
  const { entryPoint, entryPointCode, operations, executor, gasPrice } = bundle
  const ops = operations.map(({ op }) => op)
  return {
    from: executor,
    to: driver,
    data: encodeFunctionData({
      abi: bundleDriverAbi,
      functionName: 'dryRun',
      args: [
        {
          entryPoint: entryPoint.address,
          selector: slice(entryPoint.encodeHandleOps([], executor), 0, 4),
          beneficiary: executor,
          fixedGas: HANDLE_OPS_FIXED_GAS,
          operations: ops.map((op) => ({
            sender: op.sender,
            nonceKey: op.nonce >> 64n,
            gas: executionGas(entryPoint, op),
            encoded: entryPoint.encodeOperation(op),
          })),
        },
      ],
    }),
    // Three attempts of the whole at least: with one that fails, all others, and the failed one alone.
    gas: largerOf(CALL_GAS, 3n * handleOpsGas(entryPoint, operations)),
    gasPrice,
    // `eth_call` carries no authorization list on most nodes: the delegations are there as code.
    stateOverride: mergeStateOverrides(...ops.map(delegationOverride), {
      [driver]: { code: bundleDriverCode },
      [executor]: { balance: PLENTY },
      ...(entryPointCode && { [entryPoint.address]: { code: entryPointCode } }),
    }),
  }
}

/** @throws viem's errors for anything that is no answer of the driver. */
export function decodeDriverResult(data: Hex): DriverResult {
  const result = decodeFunctionResult({ abi: bundleDriverAbi, functionName: 'dryRun', data })
  return {
    blockNumber: Number(result.blockNumber),
    parentHash: result.parentHash,
    baseFee: result.baseFee,
    verdicts: result.verdicts.map((verdict) => driverVerdicts[verdict] ?? 'undecided'),
    reverts: [...result.reverts],
    gasUsed: result.gasUsed,
    paid: result.paid,
  }
}
