import type { Entity, ValidationData } from '@fabstir/erc4337'
import { intersectValidity } from '@fabstir/erc4337'
import type { ChainReader } from '../chain/reader.ts'
import type { SimulatedValidation } from '../simulation/entryPointSimulation.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

export type ValidityContext = {
  reader: Pick<ChainReader, 'request'>
  /** Unix seconds. */
  nowSeconds: number
  /** Seconds that must be left. */
  minValiditySeconds: number
}

/** Blocks that must be left of a block range, so that the operation can still be included. */
const minValidityBlocks = 2

/** Time range in which account and paymaster both accept the operation, Unix seconds, and the last such block. */
export async function checkValidity(
  { account, paymaster }: Pick<SimulatedValidation, 'account' | 'paymaster'>,
  context: ValidityContext,
): Promise<{ validAfter: number; validUntil: number; validUntilBlock?: number }> {
  const ranges: [Entity, ValidationData][] = [
    ['account', account],
    ['paymaster', paymaster],
  ]
  let seconds = { unit: 'seconds' as const, validAfter: 0, validUntil: 0 }
  let block: number | undefined
  let lastBlock: number | undefined
  for (const [entity, range] of ranges) {
    if (range.unit === 'blocks') {
      block ??= Number(await context.reader.request('eth_blockNumber', []))
      requireWithin(range, { entity, at: block, left: minValidityBlocks })
      if (range.validUntil !== 0)
        lastBlock = Math.min(lastBlock ?? range.validUntil, range.validUntil)
    } else {
      requireWithin(range, {
        entity,
        at: context.nowSeconds,
        left: context.minValiditySeconds,
      })
      seconds = { ...intersectValidity(seconds, range), unit: 'seconds' }
    }
  }
  const { validAfter, validUntil } = seconds
  return { validAfter, validUntil, ...(lastBlock !== undefined && { validUntilBlock: lastBlock }) }
}

/** [ERC-4337] Not yet due, expired, or expiring before it can be included. */
function requireWithin(
  { unit, validAfter, validUntil }: ValidationData,
  { entity, at, left }: { entity: Entity; at: number; left: number },
): void {
  const tooEarly = validAfter > at
  const tooLate = validUntil !== 0 && validUntil < at + left
  if (!tooEarly && !tooLate) return
  const aaCode = codes[unit][entity === 'paymaster' ? 'paymaster' : 'account']
  throw new RpcError(
    rpcErrorCode.timeRange,
    `${aaCode} ${tooEarly ? 'not due' : 'expired or expires too soon'}`,
    { aaCode, entity, unit, validAfter, validUntil, now: at },
  )
}

/** What the EntryPoint would say. */
const codes = {
  seconds: { account: 'AA22', paymaster: 'AA32' },
  blocks: { account: 'AA27', paymaster: 'AA37' },
} as const
