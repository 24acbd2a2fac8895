import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import { findBlamed } from '../transports/failures.ts'
import { FabstirError } from './base.ts'
import { ContractRevertedError } from './contract.ts'
import { decodeRevert } from './decodeRevert.ts'
import { DelegationError } from './key.ts'
import {
  causes,
  findRpcFailure,
  findTransportFailure,
  isOutage,
  type RpcFailure,
  type TransportFailure,
} from './rpcError.ts'
import { SessionKeyExpiredError, SessionKeyNotActiveError } from './session.ts'
import { SponsorRefusedError, SponsorUnauthorizedError } from './sponsor.ts'
import {
  BundlerUnreachableError,
  ChainMismatchError,
  NodeUnavailableError,
  PaymasterUnreachableError,
  RateLimitedError,
  RequestRefusedError,
  type Service,
} from './transport.ts'
import { EntryPointRefusedError } from './userOperation.ts'

export type ErrorContext = {
  contracts: AddressBook
  /** The grant behind the client, when a session key signs for it. */
  session?: SessionGrant | undefined
}

/** JSON-RPC codes of ERC-7769 and of the project's services that decide about the class of an error. */
const rpcCode = {
  invalidParams: -32602,
  nodeUnavailable: -32000,
  timeRange: -32503,
  executionReverted: -32521,
  sponsorRefused: -32010,
  unauthorized: -32011,
  rateLimited: -32005,
} as const

/**
 * The typed error for what a bundler, paymaster or node answered; the original stays its `cause`.
 * What no service answered, like the refusal of a wallet, is returned as it is.
 */
export function toFabstirError(error: unknown, context: ErrorContext): Error {
  const original = error instanceof Error ? error : new Error(String(error))
  // viem wraps what a transport throws.
  for (const link of causes(original)) if (link instanceof FabstirError) return link
  // Only the transports of the chain are not ours.
  const service = findBlamed(original) ?? 'node'
  const failure = findRpcFailure(original)
  if (failure) return fromRpcFailure(failure, original, service, context)
  const transport = findTransportFailure(original)
  if (transport) return fromTransportFailure(transport, original, service)
  return original
}

function fromRpcFailure(
  failure: RpcFailure,
  cause: Error,
  service: Service,
  { contracts, session }: ErrorContext,
): FabstirError {
  const { code, message } = failure
  const data: Readonly<Record<string, unknown>> = Object(failure.data)
  if (code === rpcCode.unauthorized && service === 'paymaster')
    return new SponsorUnauthorizedError({ cause })
  if (code === rpcCode.sponsorRefused) return sponsorRefused(data, cause)
  if (code === rpcCode.rateLimited) {
    const { retryAfterMs } = data
    return new RateLimitedError({
      service,
      retryAfter: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
      cause,
    })
  }
  if (code === rpcCode.invalidParams && data.field === 'chainId')
    return new ChainMismatchError({ service: 'paymaster', expected: contracts.chainId, cause })
  if (code === rpcCode.nodeUnavailable && data.reason === 'nodeUnavailable')
    return new NodeUnavailableError({ cause })

  if (data.rule === 'eip7702Auth') return new DelegationError({ problem: message, cause })

  // As a word: addresses have such letters, too.
  const [aaCode] = /\bAA\d\d\b/.exec(message) ?? []
  const reason = decodeRevert(failure.revertData, { contracts, cause })
  // -32503 is also the code of a sponsorship that has expired (AA32).
  if (session && (aaCode === 'AA22' || (!aaCode && code === rpcCode.timeRange))) {
    const { key, validAfter, validUntil } = session.policy
    return new SessionKeyExpiredError({ key, validAfter, validUntil, cause })
  }
  if (session && reason instanceof ContractRevertedError && reason.errorName === 'GrantNotUsable')
    return new SessionKeyNotActiveError({ key: session.policy.key, cause })
  // The account's own words say more than "AA23 reverted"; a paymaster's or a factory's do not stand alone.
  if (reason && (!aaCode || aaCode === 'AA23')) return reason
  if (aaCode) return new EntryPointRefusedError({ aaCode, code, reason, cause })
  if (code === rpcCode.executionReverted)
    return new ContractRevertedError({
      errorName: undefined,
      args: [],
      data: failure.revertData ?? '0x',
      cause,
    })
  const rule = [data.rule, data.field, data.reason].find((name) => typeof name === 'string')
  return new RequestRefusedError({ service, code, rule: rule as string | undefined, cause })
}

function sponsorRefused(
  { rule, remaining, resetsAt }: Readonly<Record<string, unknown>>,
  cause: Error,
): SponsorRefusedError {
  return new SponsorRefusedError({
    rule: typeof rule === 'string' ? rule : 'unknown',
    remaining: remaining === undefined || remaining === null ? undefined : String(remaining),
    resetsAt: typeof resetsAt === 'number' ? resetsAt : undefined,
    cause,
  })
}

function fromTransportFailure(failure: TransportFailure, cause: Error, service: Service) {
  const { status, retryAfter } = failure
  if (status === tooManyRequests)
    return new RateLimitedError({ service, retryAfter: retryAfter && retryAfter * 1000, cause })
  if (status === unauthorized && service === 'paymaster')
    return new SponsorUnauthorizedError({ cause })
  if (!isOutage(failure)) return new RequestRefusedError({ service, status, cause })
  return new unreachable[service]({ cause })
}

const unreachable = {
  node: NodeUnavailableError,
  bundler: BundlerUnreachableError,
  paymaster: PaymasterUnreachableError,
} as const

const unauthorized = 401
const tooManyRequests = 429
