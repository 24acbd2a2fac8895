import type { AddressBook } from '@fabstir/contracts/addressBook'
import { type Hex, numberToHex, pad, toFunctionSelector } from 'viem'
import { tokenAddress } from '../../contracts/tokens.ts'
import type { Token } from '../../units/amounts.ts'
import { type CustomScope, type SessionScope, scopes } from './scopes.ts'
import type { ArgumentPin, CallPermission } from './sessionPolicy.ts'

const approveSelector = toFunctionSelector('function approve(address spender, uint256 amount)')

/**
 * Permissions and argument pins for scopes.
 * @param spend Tokens with a limit. Scopes that pull tokens get `approve` on these.
 */
export function toPermissions(
  requested: readonly SessionScope[],
  { contracts, spend }: { contracts: AddressBook; spend: readonly Token[] },
): { calls: CallPermission[]; pins: ArgumentPin[] } {
  const permissions = requested.flatMap((scope) => {
    if (typeof scope === 'object' && 'target' in scope)
      return [{ target: scope.target, selector: scope.selector, pins: scope.pins ?? [] }]
    const named = scopes[typeof scope === 'string' ? scope : scope.name]
    const pins = typeof scope === 'string' ? [] : [{ index: 0, allowed: firstWords(scope) }]
    const functions = named.functions.map(({ contract, selector }) => ({
      target: contracts[contract],
      selector,
      pins,
    }))
    if (!('pulls' in named)) return functions
    const approvals = spend
      .filter((token) => token !== 'eth')
      .map((token) => ({
        target: tokenAddress(contracts, token),
        selector: approveSelector,
        // The account itself lets a key approve the marketplace only.
        pins: [],
      }))
    return [...functions, ...approvals]
  })

  const unique = new Map(
    permissions.map((permission) => [`${permission.target}${permission.selector}`, permission]),
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

/** One pin for an argument: the contract wants every pin of a call to hold, so two sets become their union. */
function uniquePins(pins: readonly ArgumentPin[]): ArgumentPin[] {
  const merged = new Map<string, ArgumentPin>()
  for (const pin of pins) {
    const id = `${pin.target}${pin.selector}${pin.index}`
    const allowed = new Set([...(merged.get(id)?.allowed ?? []), ...pin.allowed])
    merged.set(id, { ...pin, allowed: [...allowed] })
  }
  return [...merged.values()]
}

/** Hosts and ids stand in the first argument word; so does the host in `createSession`'s static struct. */
function firstWords(scope: Exclude<SessionScope, string | CustomScope>): Hex[] {
  if ('hosts' in scope) return scope.hosts.map((host) => pad(host))
  const ids = 'jobs' in scope ? scope.jobs : scope.sessions
  return ids.map((id) => numberToHex(id, { size: 32 }))
}
