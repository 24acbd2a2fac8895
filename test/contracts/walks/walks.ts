import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const contracts = join(import.meta.dirname, '../../../contracts')

/** Invariant walks, by the file that counts what they reach: each has a function `_names` and a test that holds it. */
export const walks = {
  system: 'system/SystemInvariants.t.sol',
  services: 'system/ServicesInvariants.t.sol',
  governance: 'system/GovernanceInvariants.t.sol',
  subscriptions: 'models/SubscriptionsInvariants.t.sol',
} as const
export type Walk = keyof typeof walks

/** What a walk counts: its own test fails when one of these never succeeded. */
export async function namesOf(walk: Walk): Promise<Set<string>> {
  return namesIn(await readFile(join(contracts, walks[walk]), 'utf8'))
}

/** Words of all string literals in the body of the function `_names`. */
export function namesIn(source: string): Set<string> {
  const body = /function _names\(\)[^{]*\{([\s\S]*?)\n {4}\}/.exec(source)?.[1] ?? ''
  const literals = [...body.matchAll(/"([^"]*)"/g)].map(([, text]) => text ?? '')
  return new Set(literals.flatMap(words))
}

const words = (list: string) => list.split(/\s+/).filter((word) => word !== '')

/** By what step of which walk a function is called, or why by none. */
export type Line = { walk: Walk; name: string } | { never: string }
/** By the name of the function, by its signature where it is overloaded. */
export type Lines = Record<string, Line>

/** Functions that the walk counts by their own name; `other` = name by which it counts a function of that name. */
const walked =
  (walk: Walk) =>
  (list: string): Lines =>
    Object.fromEntries(
      words(list).map((word) => {
        const [line = word, name = line] = word.split('=')
        return [line, { walk, name }]
      }),
    )

export const system = walked('system')
export const services = walked('services')
export const governance = walked('governance')
export const subscriptions = walked('subscriptions')

export const never = (reason: string, list: string): Lines =>
  Object.fromEntries(words(list).map((line) => [line, { never: reason }]))

/** Of what the timelock owns. */
export const owned = (contract: string): Lines =>
  governance(
    ['transferOwnership', 'acceptOwnership', 'renounceOwnership']
      .map((line) => `${line}=${line}.${contract}`)
      .join(' '),
  )

/** Of what it can upgrade too. */
export const upgradeable = (contract: string): Lines => ({
  ...owned(contract),
  ...governance(`upgradeToAndCall=upgradeToAndCall.${contract}`),
  ...never(
    'once, in the transaction that deploys the proxy; the unit tests try it again',
    'initialize',
  ),
})
