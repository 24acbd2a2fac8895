import { type AbiFunction, type Address, type Hex, toFunctionSelector } from 'viem'
import { type AbiText, toAbi } from '../../contracts/abiText.ts'
import * as marketplace from '../../contracts/generated/jobMarketplace.ts'
import type { AccountReadClient } from '../../types/client.ts'
import { readView } from '../readView.ts'

const kinds = {
  jobs: marketplace.postJob,
  claims: marketplace.claimJob,
  sessions: marketplace.createSession,
} as const

/** Kinds of new work that the breaker may close or limit. */
export type WorkKind = keyof typeof kinds

export type Breaker = {
  /** 0 normal, 1 each caller throttled, 2 some kinds of work closed, 3 no new work. Exits are never closed. */
  level: number
  /** Unix seconds at which the level ends by itself; 0 at level 0. */
  until: bigint
  work: Record<
    WorkKind,
    {
      paused: boolean
      /** How many the account may open now, as far as its rate limit goes. */
      left: bigint
    }
  >
  /** Failed single jobs in the running window. */
  failures: bigint
  /** Jobs and sessions paid since deployment. */
  successes: bigint
  /** Failures of controllers that had not failed before in the window. */
  suspicious: bigint
  /** Unix seconds. */
  lastIncident: bigint
}

/**
 * The marketplace's circuit breaker, and what an account may open now.
 * @param account The client's own account by default.
 * @example
 * const { level, work } = await getBreaker(client)
 */
export async function getBreaker(
  client: AccountReadClient,
  { account = client.account.address }: { account?: Address | undefined } = {},
): Promise<Breaker> {
  const { marketplace: address } = client.contracts
  const readKind = async (kind: WorkKind) => {
    const selector = selectorOf(kinds[kind])
    const [paused, left] = await Promise.all([
      readView(client, address, marketplace.isFunctionPaused, [selector]),
      readView(client, address, marketplace.rateLimitLeft, [account, selector]),
    ])
    return { paused, left }
  }
  const [[level, until], metrics, jobs, claims, sessions] = await Promise.all([
    readView(client, address, marketplace.circuitBreakerLevel, []),
    readView(client, address, marketplace.getCircuitBreakerMetrics, []),
    readKind('jobs'),
    readKind('claims'),
    readKind('sessions'),
  ])
  return { level, until, ...metrics, work: { jobs, claims, sessions } }
}

function selectorOf(text: AbiText<AbiFunction>): Hex {
  const [item] = toAbi(text)
  return item ? toFunctionSelector(item) : '0x'
}
