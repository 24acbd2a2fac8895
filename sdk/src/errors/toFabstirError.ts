import type { AddressBook } from '@fabstir/contracts/addressBook'
import type { SessionGrant } from '../accounts/session/sessionGrant.ts'
import type { Endpoints } from '../types/client.ts'
import { FabstirError } from './base.ts'
import { ContractRevertedError } from './contract.ts'
import { decodeRevert } from './decodeRevert.ts'
import { DelegationError } from './key.ts'
import { causes, findRpcFailure, findTransportFailure, type RpcFailure } from './rpcError.ts'
import { SessionKeyExpiredError, SessionKeyNotActiveError } from './session.ts'
import { SponsorRefusedError, SponsorUnauthorizedError } from './sponsor.ts'
import {
  BundlerUnreachableError,
  ChainMismatchError,
  NodeUnavailableError,
  PaymasterUnreachableError,
} from './transport.ts'
import { EntryPointRefusedError } from './userOperation.ts'

export type ErrorContext = {
  contracts: AddressBook
  endpoints: Endpoints
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
  sponsorUnauthorized: -32011,
} as const

/**
 * The typed error for what a bundler, paymaster or node answered; the original stays its `cause`.
 * What this package does not know is returned as it is.
 */
export function toFabstirError(error: unknown, context: ErrorContext): Error {
  const original = error instanceof Error ? error : new Error(String(error))
  // viem wraps what a transport throws.
  for (const link of causes(original)) if (link instanceof FabstirError) return link
  const failure = findRpcFailure(original)
  if (failure) return fromRpcFailure(failure, original, context) ?? original
  const transport = findTransportFailure(original)
  if (transport) return fromTransportFailure(transport.url, original, context.endpoints)
  return original
}

function fromRpcFailure(
  failure: RpcFailure,
  cause: Error,
  { contracts, session }: ErrorContext,
): FabstirError | undefined {
  const { code, message } = failure
  const data = typeof failure.data === 'object' && failure.data !== null ? failure.data : {}
  if (code === rpcCode.sponsorUnauthorized) return new SponsorUnauthorizedError({ cause })
  if (code === rpcCode.sponsorRefused) return sponsorRefused(data, cause)
  if (code === rpcCode.invalidParams && 'field' in data && data.field === 'chainId')
    return new ChainMismatchError({ service: 'paymaster', expected: contracts.chainId, cause })
  if (code === rpcCode.nodeUnavailable && 'reason' in data && data.reason === 'nodeUnavailable')
    return new NodeUnavailableError({ cause })

  if ('rule' in data && data.rule === 'eip7702Auth')
    return new DelegationError({ problem: message, cause })

  const [aaCode] = /AA\d\d/.exec(message) ?? []
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
  if (aaCode) return new EntryPointRefusedError({ aaCode, code, details: message, reason, cause })
  if (code === rpcCode.executionReverted)
    return new ContractRevertedError({ errorName: undefined, args: [], data: '0x', cause })
  return undefined
}

function sponsorRefused(data: object, cause: Error): SponsorRefusedError {
  const { rule, remaining, resetsAt } = data as Record<string, unknown>
  return new SponsorRefusedError({
    rule: typeof rule === 'string' ? rule : 'unknown',
    remaining: remaining === undefined || remaining === null ? undefined : String(remaining),
    resetsAt: typeof resetsAt === 'number' ? resetsAt : undefined,
    cause,
  })
}

function fromTransportFailure(url: string | undefined, cause: Error, endpoints: Endpoints) {
  const isOneOf = (urls: readonly string[]) => urls.some((known) => isSameUrl(url, known))
  if (isOneOf(endpoints.node)) return new NodeUnavailableError({ cause })
  if (isOneOf(endpoints.paymaster)) return new PaymasterUnreachableError({ cause })
  // A transport without an address, like a WebSocket's.
  if (endpoints.node.length === 0 && !isOneOf(endpoints.bundler))
    return new NodeUnavailableError({ cause })
  return new BundlerUnreachableError({ cause })
}

/** viem reports the normalised address without credentials: `http://host` comes back as `http://host/`. */
function isSameUrl(reported: string | undefined, configured: string): boolean {
  if (reported === undefined) return false
  if (!URL.canParse(reported) || !URL.canParse(configured)) return reported === configured
  const [a, b] = [new URL(reported), new URL(configured)]
  return a.host === b.host && a.pathname === b.pathname && a.search === b.search
}
