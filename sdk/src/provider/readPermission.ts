import { type Address, isAddressEqual, numberToHex, zeroAddress } from 'viem'
import type { SessionPolicyParameters, SpendLimits } from '../accounts/session/toSessionPolicy.ts'
import type { Token } from '../units/amounts.ts'
import type {
  ExecutionPermission,
  PermissionRequest,
  PermissionRule,
} from './executionPermission.ts'
import {
  invalidParams,
  readAddress,
  readAddresses,
  readChainId,
  readFields,
  readKnownFields,
  readList,
  readQuantity,
  readText,
  readToken,
} from './params.ts'
import { readScope } from './readScope.ts'

/** Types of permissions, with the rules that each takes. */
export const permissionTypes: Readonly<Record<ExecutionPermission['type'], readonly string[]>> = {
  'fabstir-session': ['expiry'],
  'erc20-token-allowance': ['expiry', 'payee'],
}

/** A permission that an app asks for, and the policy of the session key that is just that. */
export function readPermission(
  value: unknown,
  field: string,
): { chainId: number; request: PermissionRequest; policy: SessionPolicyParameters } {
  const asked = readKnownFields(value, field, ['chainId', 'from', 'to', 'permission', 'rules'])
  const chainId = readChainId(asked.chainId, `${field}.chainId`)
  const key = readAddress(asked.to, `${field}.to`)
  if (isAddressEqual(key, zeroAddress)) throw invalidParams(`${field}.to`, 'is the zero address')
  const from = asked.from === undefined ? undefined : readAddress(asked.from, `${field}.from`)
  const permission = readKnownFields(asked.permission, `${field}.permission`, [
    'type',
    'isAdjustmentAllowed',
    'data',
  ])
  const { isAdjustmentAllowed = false } = permission
  if (typeof isAdjustmentAllowed !== 'boolean')
    throw invalidParams(`${field}.permission.isAdjustmentAllowed`, 'is neither true nor false')
  const type = readType(permission.type, `${field}.permission.type`)
  const rules = readRules(asked.rules, `${field}.rules`, permissionTypes[type])
  const data = `${field}.permission.data`
  const policy =
    type === 'fabstir-session'
      ? readSession(permission.data, data)
      : readAllowance(permission.data, data, rules)
  return {
    chainId,
    request: {
      chainId: numberToHex(chainId),
      ...(from && { from }),
      to: key,
      permission: { ...permission, type, isAdjustmentAllowed } as ExecutionPermission,
      rules,
    },
    policy: { key, expiresAt: expiryOf(rules, `${field}.rules`), ...policy },
  }
}

function readType(value: unknown, field: string): ExecutionPermission['type'] {
  const type = readText(value, field)
  if (Object.hasOwn(permissionTypes, type)) return type as ExecutionPermission['type']
  throw invalidParams(field, `is none of ${Object.keys(permissionTypes).join(', ')}`)
}

/** A rule that was left out would be a permission beyond what was asked for. */
function readRules(value: unknown, field: string, known: readonly string[]): PermissionRule[] {
  return readList(value ?? [], field).map((item, index) => {
    const at = `${field}[${index}]`
    const rule = readKnownFields(item, at, ['type', 'data'])
    const type = readText(rule.type, `${at}.type`)
    if (!known.includes(type)) throw invalidParams(`${at}.type`, `is none of ${known.join(', ')}`)
    return type === 'expiry'
      ? { type: 'expiry', data: readExpiry(rule.data, `${at}.data`) }
      : { type: 'payee', data: readPayees(rule.data, `${at}.data`) }
  })
}

function readExpiry(value: unknown, field: string): { timestamp: number } {
  const { timestamp } = readKnownFields(value, field, ['timestamp'])
  if (!Number.isSafeInteger(timestamp) || (timestamp as number) <= 0)
    throw invalidParams(`${field}.timestamp`, 'is no time in Unix seconds')
  return { timestamp: timestamp as number }
}

function readPayees(value: unknown, field: string): { addresses: Address[] } {
  const { addresses } = readKnownFields(value, field, ['addresses'])
  return { addresses: readAddresses(addresses, `${field}.addresses`) }
}

/** Of several, the first to end holds. */
function expiryOf(rules: readonly PermissionRule[], field: string): number {
  const times = rules.flatMap((rule) => (rule.type === 'expiry' ? [rule.data.timestamp] : []))
  if (times.length === 0)
    throw invalidParams(field, 'has no expiry: a session key ends, within 365 days')
  return Math.min(...times)
}

type Policy = Pick<SessionPolicyParameters, 'scope' | 'spend' | 'uses'>

function readAllowance(value: unknown, field: string, rules: readonly PermissionRule[]): Policy {
  const data = readKnownFields(value, field, ['tokenAddress', 'allowanceAmount', 'justification'])
  assertJustification(data.justification, `${field}.justification`)
  const token = readAddress(data.tokenAddress, `${field}.tokenAddress`)
  const amount = readQuantity(data.allowanceAmount, `${field}.allowanceAmount`)
  const payees = rules.filter((rule) => rule.type === 'payee')
  const [payee] = payees
  if (!payee || payees.length > 1)
    throw invalidParams(`${field}`, 'wants one rule payee: recipients are named')
  return {
    scope: [{ name: 'transfer', token, to: payee.data.addresses }],
    spend: { [token]: { total: { token, value: amount } } },
  }
}

function readSession(value: unknown, field: string): Policy {
  const data = readKnownFields(value, field, ['scope', 'spend', 'uses', 'justification'])
  assertJustification(data.justification, `${field}.justification`)
  if (data.uses !== undefined && !Number.isSafeInteger(data.uses))
    throw invalidParams(`${field}.uses`, 'is no whole number')
  return {
    scope: readList(data.scope, `${field}.scope`).map((scope, index) =>
      readScope(scope, `${field}.scope[${index}]`),
    ),
    ...(data.spend !== undefined && { spend: readSpend(data.spend, `${field}.spend`) }),
    ...(data.uses !== undefined && { uses: data.uses as number }),
  }
}

/** Characters of a justification: what follows it has to be in the user's sight. */
const maxJustification = 1000

function assertJustification(value: unknown, field: string): void {
  if (value === undefined) return
  const { length } = readText(value, field)
  if (length > maxJustification)
    throw invalidParams(field, `has ${length} characters, not up to ${maxJustification}`)
}

function readSpend(value: unknown, field: string): SpendLimits {
  const seen = new Set<Token>()
  return Object.fromEntries(
    Object.entries(readFields(value, field)).map(([name, limit]) => {
      const at = `${field}.${name}`
      const token = readToken(name, at)
      // The user is shown both, and one of them would count: addresses are the same in large and in small letters.
      if (seen.has(token)) throw invalidParams(at, 'is named twice')
      seen.add(token)
      const { total, perCall } = readKnownFields(limit, at, ['total', 'perCall'])
      const amount = (quantity: unknown, of: string) => ({
        token,
        value: readQuantity(quantity, `${at}.${of}`),
      })
      return [
        token,
        {
          total: amount(total, 'total'),
          ...(perCall !== undefined && { perCall: amount(perCall, 'perCall') }),
        },
      ]
    }),
  ) as SpendLimits
}
