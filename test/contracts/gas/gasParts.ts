import type { Hash, PublicClient } from 'viem'

type Step = { op: string; depth: number; gas: number; gasCost: number; stack?: string[] }

/** What the gas of a transaction was paid for. */
export type GasParts = {
  /** The transaction and its calldata, before the first instruction. */
  transaction: number
  /** Storage words that were zero before. */
  newSlots: number
  /** Storage words that held something before. */
  changedSlots: number
  /** First readings of storage words that are only read. */
  readSlots: number
  /** First calls of contracts, a proxy’s implementation among them. */
  contracts: number
  logs: number
  /** Hashes, memory, signatures, arithmetic; less what clearing storage gives back. */
  rest: number
}

const calls = new Set(['CALL', 'STATICCALL', 'DELEGATECALL', 'CALLCODE'])
const coldSlot = 2_100
const coldAccount = 2_600

/** Takes a transaction apart by its trace. */
export async function gasParts(
  publicClient: Pick<PublicClient, 'request' | 'getTransaction' | 'getTransactionReceipt'>,
  hash: Hash,
): Promise<GasParts> {
  const { structLogs } = (await publicClient.request({
    method: 'debug_traceTransaction',
    params: [hash, { disableStorage: true, disableMemory: true }],
  } as never)) as { structLogs: Step[] }
  const { gas, from, to } = await publicClient.getTransaction({ hash })
  const { gasUsed } = await publicClient.getTransactionReceipt({ hash })
  const parts: GasParts = {
    transaction: Number(gas) - Number(structLogs[0]?.gas ?? gas),
    newSlots: 0,
    changedSlots: 0,
    readSlots: 0,
    contracts: 0,
    logs: 0,
    rest: 0,
  }
  const known = new Set([from, to].map((address) => BigInt(address ?? 0)))
  for (const [index, { op, gasCost, stack = [] }] of structLogs.entries()) {
    const cost = Number(gasCost)
    if (op === 'SSTORE') parts[cost >= 20_000 ? 'newSlots' : 'changedSlots'] += cost
    else if (op === 'SLOAD' && cost === coldSlot) {
      // The first reading of a word that is written later belongs to the writing.
      parts[writtenLater(structLogs, index) ?? 'readSlots'] += cost
    } else if (op.startsWith('LOG')) parts.logs += cost
    else if (calls.has(op)) {
      const callee = BigInt(`0x${(stack.at(-2) ?? '0').replace(/^0x/, '')}`)
      if (callee > 0xffffn && !known.has(callee)) parts.contracts += coldAccount
      known.add(callee)
    }
  }
  const { rest: _, ...counted } = parts
  const sum = Object.values(counted).reduce((total, one) => total + one, 0)
  return { ...parts, rest: Number(gasUsed) - sum }
}

/** The part that a word belongs to when the same code writes it after reading it. */
function writtenLater(
  steps: readonly Step[],
  read: number,
): 'newSlots' | 'changedSlots' | undefined {
  const slot = steps[read]?.stack?.at(-1)
  const write = steps
    .slice(read + 1)
    .find(({ op, stack }) => op === 'SSTORE' && stack?.at(-1) === slot)
  if (!write || Number(write.gasCost) <= 100) return undefined
  return Number(write.gasCost) >= 19_000 ? 'newSlots' : 'changedSlots'
}
