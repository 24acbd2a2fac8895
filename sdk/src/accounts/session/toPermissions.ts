import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type Address, type Hex, numberToHex, pad, toFunctionSelector } from 'viem'
import { tokenAddress } from '../../contracts/tokens.ts'
import { SessionScopeError } from '../../errors/session.ts'
import type { Token } from '../../units/amounts.ts'
import { type CustomScope, type SessionScope, scopes, type TransferScope } from './scopes.ts'
import type { ArgumentPin, CallPermission } from './sessionPolicy.ts'

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
 * @throws {SessionScopeError} When there is no scope of a name, or one is narrowed to nothing.
 */
export function toPermissions(
  requested: readonly SessionScope[],
  context: PermissionsContext,
): { calls: CallPermission[]; pins: ArgumentPin[] } {
  const permissions = requested.flatMap((scope) => permissionsOf(scope, context))
  const unique = new Map(
    permissions.map((permission) => [
      `${permission.target}${permission.selector}`.toLowerCase(),
      permission,
    ]),
  )
  return {
    calls: [...unique.values()].map(({ target, selector }) => ({ target, selector })),
    // Of a function that is asked for with and without pins, the pins hold.
    pins: uniquePins(
      permissions.flatMap(({ target, selector, pins }) =>
        pins.map((pin) => ({ target, selector, ...pin })),
      ),
    ),
  }
}

function permissionsOf(scope: SessionScope, context: PermissionsContext): Permission[] {
  const { contracts, account, spend } = context
  if (isCustom(scope))
    return [{ target: scope.target, selector: scope.selector, pins: scope.pins ?? [] }]
  if (isTransfer(scope)) return [transferPermission(scope, contracts)]
  const name = typeof scope === 'string' ? scope : scope.name
  const named = Object.hasOwn(scopes, name) ? scopes[name] : undefined
  if (!named) throw new SessionScopeError({ scope: String(name), problem: 'there is none' })

  const pins = typeof scope === 'string' ? [] : [{ index: 0, allowed: firstWords(scope) }]
  if (name === 'withdrawTo') pins.push({ index: 1, allowed: [pad(account)] })
  const functions = named.functions.map((signature) => ({
    target: contracts[named.contract],
    selector: toFunctionSelector(signature),
    pins,
  }))
  if (!('pulls' in named)) return functions
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

/** One pin for an argument: the contract wants every pin of a call to hold, so two sets become their union. */
function uniquePins(pins: readonly ArgumentPin[]): ArgumentPin[] {
  const merged = new Map<string, ArgumentPin>()
  for (const pin of pins) {
    const id = `${pin.target}${pin.selector}${pin.index}`.toLowerCase()
    const allowed = new Set([...(merged.get(id)?.allowed ?? []), ...pin.allowed])
    merged.set(id, { ...pin, allowed: [...allowed] })
  }
  return [...merged.values()]
}

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
