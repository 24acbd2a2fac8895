import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type Address, type Hex, numberToHex, pad, toFunctionSelector } from 'viem'
import { tokenAddress } from '../../contracts/tokens.ts'
import { SessionScopeError } from '../../errors/session.ts'
import type { Token } from '../../units/amounts.ts'
import {
  type CustomScope,
  type ScopeName,
  type SessionScope,
  scopes,
  type TransferScope,
} from './scopes.ts'
import type { ArgumentPin, CallPermission } from './sessionPolicy.ts'
import { type PinnedArguments, toPinnedArguments, unitePins } from './unitePins.ts'

export type PermissionsContext = {
  contracts: AddressBook
  /** The account that grants. */
  account: Address
  /** Tokens with a limit. Scopes that pull tokens get `approve` on these. */
  spend: readonly Token[]
}

type Permission = CallPermission & { pins: readonly Omit<ArgumentPin, 'target' | 'selector'>[] }

/**
 * Permissions and argument pins for scopes.
 * @throws {SessionScopeError} When there is no scope of a name, one is narrowed to nothing, or two of one function
 * together would allow more than each of them.
 */
export function toPermissions(
  requested: readonly SessionScope[],
  context: PermissionsContext,
): { calls: CallPermission[]; pins: ArgumentPin[] } {
  const functions = new Map<string, CallPermission & { pinned: PinnedArguments }>()
  for (const scope of requested)
    for (const { target, selector, pins } of permissionsOf(scope, context)) {
      const id = `${target}${selector}`.toLowerCase()
      const earlier = functions.get(id)?.pinned ?? new Map()
      const pinned = unitePins(earlier, toPinnedArguments(pins))
      if (!pinned)
        throw new SessionScopeError({
          scope: nameOf(scope),
          problem: 'with another scope of its function it would allow more than both',
        })
      functions.set(id, { target, selector, pinned })
    }
  const granted = [...functions.values()]
  return {
    calls: granted.map(({ target, selector }) => ({ target, selector })),
    pins: granted.flatMap(({ target, selector, pinned }) =>
      [...pinned].map(([index, allowed]) => ({ target, selector, index, allowed: [...allowed] })),
    ),
  }
}

function permissionsOf(scope: SessionScope, context: PermissionsContext): Permission[] {
  const { contracts, account, spend } = context
  if (isCustom(scope))
    return [{ target: scope.target, selector: scope.selector, pins: scope.pins ?? [] }]
  if (isTransfer(scope)) return [transferPermission(scope, contracts)]
  const name = nameOf(scope) as ScopeName
  const named = Object.hasOwn(scopes, name) ? scopes[name] : undefined
  if (!named) throw new SessionScopeError({ scope: String(name), problem: 'there is none' })

  const pins = typeof scope === 'string' ? [] : [{ index: 0, allowed: firstWords(scope) }]
  if (name === 'withdrawTo') pins.push({ index: 1, allowed: [pad(account)] })
  const functions = named.functions.map((signature) => ({
    target: contracts[named.contract],
    selector: toFunctionSelector(signature),
    pins,
  }))
  if (!named.pulls) return functions
  const approvals = spend
    .filter((token) => token !== 'eth')
    .map((token) => ({
      target: tokenAddress(contracts, token),
      selector: toFunctionSelector('approve(address,uint256)'),
      // The account itself lets a key approve the marketplace only.
      pins: [],
    }))
  return [...functions, ...approvals]
}

function transferPermission({ token, to }: TransferScope, contracts: AddressBook): Permission {
  if (to.length === 0)
    throw new SessionScopeError({ scope: 'transfer', problem: 'it names no recipient' })
  return {
    target: tokenAddress(contracts, token),
    selector: toFunctionSelector('transfer(address,uint256)'),
    pins: [{ index: 0, allowed: to.map((recipient) => pad(recipient)) }],
  }
}

const isCustom = (scope: SessionScope): scope is CustomScope =>
  typeof scope === 'object' && 'target' in scope
const isTransfer = (scope: SessionScope): scope is TransferScope =>
  typeof scope === 'object' && 'name' in scope && scope.name === 'transfer'

const nameOf = (scope: SessionScope) =>
  typeof scope === 'string' ? scope : isCustom(scope) ? scope.selector : scope.name

/** Hosts and ids stand in the first argument word; so does the host in `createSession`'s static struct. */
function firstWords(scope: Exclude<SessionScope, string | CustomScope | TransferScope>): Hex[] {
  const words =
    'hosts' in scope
      ? scope.hosts.map((host) => pad(host))
      : ('jobs' in scope ? scope.jobs : scope.sessions).map((id) => numberToHex(id, { size: 32 }))
  if (words.length > 0) return words
  throw new SessionScopeError({
    scope: scope.name,
    problem: 'it is narrowed to nothing: leave it out',
  })
}
