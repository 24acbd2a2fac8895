import {
  buybackAbi,
  dynamicPricingAbi,
  emergencyGuardianAbi,
  fabstirGovernorAbi,
  fabTokenAbi,
  jobMarketplaceAbi,
  modelRegistryAbi,
  nodeRegistryAbi,
  parameterGuardAbi,
  proofSystemAbi,
  reputationSystemAbi,
  revenueSplitterAbi,
  stakersPoolAbi,
  subscriptionsAbi,
  timelockAbi,
  votesAdapterAbi,
} from '@fabstir/contracts/abi'
import {
  type Abi,
  type Address,
  createClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  erc20Abi,
  type Hex,
  type Log,
  toFunctionSelector,
} from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import type { PrepareClient } from '../actions/preparedCalls.ts'
import type { ActionCall } from '../actions/write.ts'
import { testContracts as contracts } from './addressBook.ts'
import { testLog } from './logs.ts'

/** ABIs as Hardhat made them, apart from the texts under test. */
const abis = {
  marketplace: jobMarketplaceAbi,
  registry: nodeRegistryAbi,
  modelRegistry: modelRegistryAbi,
  dynamicPricing: dynamicPricingAbi,
  subscriptions: subscriptionsAbi,
  reputation: reputationSystemAbi,
  proofSystem: proofSystemAbi,
  stakersPool: stakersPoolAbi,
  revenueSplitter: revenueSplitterAbi,
  buyback: buybackAbi,
  governor: fabstirGovernorAbi,
  timelock: timelockAbi,
  parameterGuard: parameterGuardAbi,
  emergencyGuardian: emergencyGuardianAbi,
  votesAdapter: votesAdapterAbi,
  fab: fabTokenAbi,
  usdc: erc20Abi,
} as const satisfies Record<string, Abi>

type Contract = keyof typeof abis

/** Account of the tests. */
export const me: Address = '0x1100000000000000000000000000000000000011'

/** What views return, by contract and function; a function of their arguments where it depends on them. */
export type Views = { readonly [contract in Contract]?: Readonly<Record<string, unknown>> }

/** A chain on which views return these values; every other question fails. */
export function chainWith(views: Views = {}): PrepareClient {
  const client = createClient({
    transport: custom({
      async request({ method, params }: { method: string; params: [{ to: Address; data: Hex }] }) {
        if (method !== 'eth_call') throw new Error(`nobody expected ${method}`)
        const [{ to, data }] = params
        const contract = contractAt(to)
        const { functionName, args } = decodeFunctionData({ abi: abis[contract] as Abi, data })
        const answers = views[contract]
        if (!answers || !(functionName in answers))
          throw new Error(`nobody expected ${contract}.${functionName}(${args ?? ''})`)
        // Of an overloaded view, the form that was asked.
        const abi = (abis[contract] as Abi).filter(
          (item) => item.type === 'function' && toFunctionSelector(item) === data.slice(0, 10),
        )
        const answer = answers[functionName]
        const result = (typeof answer === 'function' ? answer(...(args ?? [])) : answer) as never
        return encodeFunctionResult({ abi, functionName, result })
      },
    }),
  })
  return { client, contracts, account: { address: me } as SmartAccount }
}

/** A call as `[contract, function, ...arguments]`, and its value when it has one. */
export type ReadableCall = readonly [contract: string, functionName: string, ...args: unknown[]]

/** What an action calls, in words. */
export async function callsOf(
  call: ActionCall<unknown>,
  client: PrepareClient = chainWith(),
): Promise<ReadableCall[]> {
  const { calls } = await call.prepare(client)
  return calls.map(({ to, data = '0x', value = 0n }) => {
    const contract = contractAt(to)
    const { functionName, args = [] } = decodeFunctionData({ abi: abis[contract] as Abi, data })
    return [contract, functionName, ...args, ...(value > 0n ? [{ value }] : [])]
  })
}

/** A log of a contract of {@link contracts}. */
export function logOf(
  contract: Contract,
  eventName: string,
  args: Readonly<Record<string, unknown>>,
): Log {
  return testLog(abis[contract], eventName, args, contracts[contract])
}

function contractAt(address: Address): Contract {
  const [name] =
    Object.entries(contracts).find(([, value]) => value === address.toLowerCase()) ?? []
  if (!name || !(name in abis)) throw new Error(`no contract at ${address}`)
  return name as Contract
}
