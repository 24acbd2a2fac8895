import {
  type Account,
  type Address,
  BaseError,
  decodeErrorResult,
  encodeFunctionData,
  type Hex,
  isHex,
  type PublicClient,
  type Transport,
  toFunctionSelector,
  type WalletClient,
} from 'viem'
import type { AddressBook } from '../../addressBook.ts'
import { emergencyGuardianAbi, jobMarketplaceAbi } from '../../generated/abi/index.ts'
import {
  describeCall,
  type GuardianCall,
  type PausableFunction,
  pausableFunctions,
  planResponse,
  type Response,
} from './planResponse.ts'

type Reader = Pick<PublicClient, 'readContract'>

export type BreakerState = {
  level: number
  /** Unix seconds at which the level ends by itself; 0 at level 0. */
  until: bigint
  /** Closed functions, without their aliases. */
  closed: PausableFunction[]
  failures: bigint
  successes: bigint
  suspicious: bigint
  /** Unix seconds; 0 for never. */
  lastIncident: bigint
}

/** The breaker as it stands now. */
export async function readBreakerState(
  publicClient: Reader,
  { marketplace }: Pick<AddressBook, 'marketplace'>,
): Promise<BreakerState> {
  const contract = { address: marketplace, abi: jobMarketplaceAbi } as const
  const [level, until] = await publicClient.readContract({
    ...contract,
    functionName: 'circuitBreakerLevel',
  })
  const metrics = await publicClient.readContract({
    ...contract,
    functionName: 'getCircuitBreakerMetrics',
  })
  const closed: PausableFunction[] = []
  for (const name of Object.keys(pausableFunctions) as PausableFunction[]) {
    const args = [toFunctionSelector(pausableFunctions[name])] as const
    const paused = await publicClient.readContract({
      ...contract,
      functionName: 'isFunctionPaused',
      args,
    })
    if (paused) closed.push(name)
  }
  return { level, until, closed, ...metrics }
}

export type ResponseParameters = {
  publicClient: Pick<PublicClient, 'readContract' | 'call' | 'waitForTransactionReceipt'>
  /** A member of {EmergencyGuardian}. */
  walletClient: WalletClient<Transport, undefined, Account>
  book: Pick<AddressBook, 'marketplace' | 'emergencyGuardian'>
  wanted: Response
  /** Asks the chain about each call and sends none. */
  dryRun?: boolean
  /** Called with what each call does before it is sent. */
  onCall?: (text: string) => void
}

/**
 * Brings the breaker to the wanted level by calls of a guardian, and looks whether it is there.
 * @returns The breaker afterwards; in a dry run as it is.
 * @throws {@link ResponseRefusedError} when the chain would not take a call.
 * @throws {@link ResponseIncompleteError} when something that guardians cannot end holds it elsewhere.
 */
export async function runResponse({
  publicClient,
  walletClient,
  book,
  wanted,
  dryRun = false,
  onCall,
}: ResponseParameters): Promise<BreakerState> {
  const { level } = await readBreakerState(publicClient, book)
  for (const call of planResponse(wanted, level)) {
    onCall?.(describeCall(call))
    const transaction = { to: book.emergencyGuardian, data: encodeCall(call, book.marketplace) }
    // Asked first: a refusal then comes with its reason, and costs nothing.
    await publicClient.call({ account: walletClient.account, ...transaction }).catch(refused)
    if (dryRun) continue
    const hash = await walletClient.sendTransaction({ ...transaction, chain: null })
    const receipt = await publicClient.waitForTransactionReceipt({ hash, pollingInterval: 50 })
    if (receipt.status !== 'success') throw new ResponseIncompleteError(`${hash} reverted`)
  }
  const state = await readBreakerState(publicClient, book)
  if (dryRun) return state
  if (state.level !== wanted.level) {
    throw new ResponseIncompleteError(
      `the breaker is at level ${state.level}, held by its failures or by governance`,
    )
  }
  const open =
    'functions' in wanted ? wanted.functions.filter((f) => !state.closed.includes(f)) : []
  if (open.length > 0) throw new ResponseIncompleteError(`${open.join(', ')} still open`)
  return state
}

function encodeCall(call: GuardianCall, breaker: Address): Hex {
  const abi = emergencyGuardianAbi
  switch (call.kind) {
    case 'setLevel':
      return encodeFunctionData({
        abi,
        functionName: 'setCircuitBreakerLevel',
        args: [breaker, call.level],
      })
    case 'pauseFunction':
      return encodeFunctionData({
        abi,
        functionName: 'pauseFunction',
        args: [breaker, toFunctionSelector(pausableFunctions[call.name])],
      })
    case 'pause':
      return encodeFunctionData({
        abi,
        functionName: 'executeEmergencyAction',
        args: ['pause', breaker, call.reason],
      })
    case 'unpause':
      return encodeFunctionData({
        abi,
        functionName: 'executeEmergencyAction',
        args: ['unpause', breaker],
      })
  }
}

/** The contract's own error by its name; what is none goes on as it is. */
function refused(error: unknown): never {
  const data = error instanceof BaseError ? dataOf(error) : undefined
  if (!data) throw error
  const { errorName, args = [] } = decodeErrorResult({
    abi: [...emergencyGuardianAbi, ...jobMarketplaceAbi],
    data,
  })
  throw new ResponseRefusedError(`${errorName}(${args.join(', ')})`)
}

function dataOf(error: BaseError): Hex | undefined {
  const found = error.walk((one) => isHex((one as { data?: unknown }).data))
  return (found as { data?: Hex } | null)?.data
}

/** The chain would not take a call; the message is its error. */
export class ResponseRefusedError extends Error {
  override name = 'ResponseRefusedError'
}

export class ResponseIncompleteError extends Error {
  override name = 'ResponseIncompleteError'
}
