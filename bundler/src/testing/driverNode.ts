import type { Address, Hex } from 'viem'
import { decodeFunctionData, encodeErrorResult, encodeFunctionResult, parseAbi } from 'viem'
import type { BuildDependencies } from '../bundling/buildBundle.ts'
import { driverVerdicts } from '../bundling/driverCall.ts'
import { bundleDriverAbi } from '../bundling/generated/bundleDriver.ts'
import { noSecondValidation } from '../bundling/secondValidation.ts'
import type { ChainReader } from '../chain/reader.ts'
import { testBlock } from './bundle.ts'

/** What the EntryPoint says to `handleOps` with these senders: nothing, or its revert bytes. */
export type HandleOps = (senders: readonly Address[]) => Hex | undefined

type Answer = {
  handleOps: HandleOps
  /** Wei that the executor is paid for each operation, or for one of this sender. */
  paid?: bigint | ((sender: Address) => bigint)
  /** Number of the block that answers. */
  blockNumber?: number
}

/** `FailedOp` that names the operation at `index`. */
export function failedOp(index: number, reason: string): Hex {
  const abi = parseAbi(['error FailedOp(uint256 opIndex, string reason)'])
  return encodeErrorResult({ abi, errorName: 'FailedOp', args: [BigInt(index), reason] })
}

/**
 * Building blocks over a node that dry-runs bundles as `BundleDriver.sol` does when every failing
 * operation is named, one by one. What the contract itself does is tested on a chain.
 */
export function testBuilding(answer: () => Answer): BuildDependencies {
  const reader: Pick<ChainReader, 'batch'> = {
    batch: async (requests) =>
      requests.map(({ params }) => {
        const [{ data }] = params as [{ data: Hex }]
        return dryRunAnswer(data, answer())
      }),
  }
  return {
    reader,
    secondValidation: noSecondValidation,
    callableCode: () => undefined,
    tellsBlockNumber: true,
  }
}

function dryRunAnswer(data: Hex, { handleOps, paid = 0n, blockNumber = 10 }: Answer): Hex {
  const { args } = decodeFunctionData({ abi: bundleDriverAbi, data })
  const [task] = args as unknown as [{ operations: readonly { sender: Address }[] }]
  const senders = task.operations.map(({ sender }) => sender)
  const verdicts = senders.map(() => driverVerdicts.indexOf('passed'))
  const reverts: Hex[] = senders.map(() => '0x')
  for (const [index, sender] of senders.entries()) {
    const others = senders.filter((_, other) => other < index && reverts[other] === '0x')
    const inCompany = handleOps([...others, sender])
    if (inCompany === undefined) continue
    const alone = handleOps([sender])
    verdicts[index] = driverVerdicts.indexOf(alone === undefined ? 'failedInCompany' : 'failed')
    reverts[index] = alone ?? inCompany
  }
  const passing = senders.filter((_, index) => driverVerdicts[verdicts[index] ?? 0] === 'passed')
  const paidBy = typeof paid === 'bigint' ? () => paid : paid
  return encodeFunctionResult({
    abi: bundleDriverAbi,
    functionName: 'dryRun',
    result: {
      blockNumber: BigInt(blockNumber),
      parentHash: testBlock(blockNumber).parentHash,
      baseFee: 10n,
      verdicts,
      reverts,
      gasUsed: BigInt(passing.length) * 100_000n,
      paid: passing.reduce((sum, sender) => sum + paidBy(sender), 0n),
    },
  })
}
