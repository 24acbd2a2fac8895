import {
  getTypesForEIP712Domain,
  isAddress,
  type TypedDataDefinition,
  type TypedDataDomain,
  validateTypedData,
} from 'viem'
import { fromJsonTypedData } from './jsonTypedData.ts'
import { invalidParams, readFields, readKnownFields, readList, readText } from './params.ts'

/** Members of each struct. */
type Types = Readonly<Record<string, readonly { name: string; type: string }[]>>

/** Typed data of EIP-712, as JSON text or as what that makes. */
export function readTypedData(data: unknown, field: string): TypedDataDefinition {
  const fields = readFields(typeof data === 'string' ? parse(data, field) : data, field)
  for (const name of ['domain', 'types', 'message']) readFields(fields[name], `${field}.${name}`)
  const primaryType = readText(fields.primaryType, `${field}.primaryType`)
  // Its hash would be that of the domain alone, whatever message is shown.
  if (primaryType === 'EIP712Domain')
    throw invalidParams(`${field}.primaryType`, 'is the type of the domain')
  const types = readTypes(fields.types, `${field}.types`)
  const { chainId, verifyingContract } = fields.domain as Readonly<Record<string, unknown>>
  if (chainId !== undefined && !isChainId(chainId))
    throw invalidParams(`${field}.domain.chainId`, 'is no chain id')
  if (
    verifyingContract !== undefined &&
    !(typeof verifyingContract === 'string' && isAddress(verifyingContract, { strict: false }))
  )
    throw invalidParams(`${field}.domain.verifyingContract`, 'is no address')

  const { domain, message } = fields
  const typedData = fromJsonTypedData({
    domain,
    types,
    primaryType,
    message,
  } as TypedDataDefinition)
  assertDomainType(typedData.domain, types, field)
  assertDeclared(types, primaryType, typedData.message, `${field}.message`)
  try {
    validateTypedData(typedData)
  } catch (error) {
    throw invalidParams(field, `is no typed data of EIP-712 (${(error as Error).name})`)
  }
  return typedData
}

function parse(text: string, field: string): unknown {
  try {
    // RFC 8259, section 8.1: a byte order mark may be ignored.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw invalidParams(field, 'is no JSON')
  }
}

const isChainId = (value: unknown) =>
  Number.isSafeInteger(value) ||
  (typeof value === 'string' && /^(\d{1,78}|0x[\da-f]{1,64})$/i.test(value))

function readTypes(value: unknown, field: string): Types {
  const entries = Object.entries(readFields(value, field)).map(([struct, members]) => [
    struct,
    readList(members, `${field}.${struct}`).map((member, index) => {
      const at = `${field}.${struct}[${index}]`
      const { name, type } = readFields(member, at)
      return { name: readText(name, `${at}.name`), type: readText(type, `${at}.type`) }
    }),
  ])
  return Object.fromEntries(entries)
}

/** Refuses a domain that is not signed as the user is shown it: with more than domains have, or than its type lists. */
function assertDomainType(domain: TypedDataDefinition['domain'], types: Types, field: string) {
  const derived = getTypesForEIP712Domain({ domain: domain as TypedDataDomain })
  readKnownFields(domain, `${field}.domain`, namesOf(derived))
  const declared = types.EIP712Domain ?? derived
  const text = (members: Types[string]) => members.map(({ name, type }) => `${type} ${name}`).join()
  if (text(declared) !== text(derived))
    throw invalidParams(
      `${field}.types.EIP712Domain`,
      `is not ${text(derived) || 'empty'}, as the domain has it`,
    )
}

/** Refuses what no type declares: the user would be shown it, and it would not be signed. */
function assertDeclared(types: Types, type: string, value: unknown, field: string): void {
  const [, item] = /^(.+)\[\d*\]$/.exec(type) ?? []
  const members = Object.hasOwn(types, type) ? types[type] : undefined
  if (item)
    for (const [index, one] of readList(value, field).entries())
      assertDeclared(types, item, one, `${field}[${index}]`)
  else if (members) {
    const fields = readKnownFields(value, field, namesOf(members))
    for (const { name, type } of members)
      assertDeclared(types, type, fields[name], `${field}.${name}`)
  }
  // What is no text would be signed as some bytes of it.
  else if (type === 'string') readText(value, field)
}

const namesOf = (members: Types[string]) => members.map(({ name }) => name)
