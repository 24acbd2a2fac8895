import type { Hash, PublicClient } from 'viem'

type Step = { depth: number; gas: number; gasCost: number }

/**
 * Gas of the validation frame of the first operation in a bundle: the first call that leaves the EntryPoint. It is what
 * the frame used up to its last instruction, calls below it included.
 */
export async function validationGas(
  publicClient: Pick<PublicClient, 'request'>,
  hash: Hash,
): Promise<number> {
  const { structLogs } = (await publicClient.request({
    method: 'debug_traceTransaction',
    params: [hash, { disableStorage: true, disableMemory: true, disableStack: true }],
  } as never)) as { structLogs: Step[] }
  const start = structLogs.findIndex(({ depth }) => depth > 1)
  const length = structLogs.slice(start).findIndex(({ depth }) => depth === 1)
  const first = structLogs[start]
  const last = structLogs[start + length - 1]
  if (!first || !last || length < 1) throw new RangeError(`${hash} calls nobody`)
  return Number(first.gas) - (Number(last.gas) - Number(last.gasCost))
}
