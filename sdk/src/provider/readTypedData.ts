import {
  getTypesForEIP712Domain,
  isAddress,
  type TypedDataDefinition,
  type TypedDataDomain,
  validateTypedData,
} from 'viem'
import { fromJsonTypedData } from './jsonTypedData.ts'
import { invalidParams, readFields, readText } from './params.ts'

/** Typed data of EIP-712, as JSON text or as what that makes. */
export function readTypedData(data: unknown, field: string): TypedDataDefinition {
  const fields = readFields(typeof data === 'string' ? parse(data, field) : data, field)
  for (const name of ['domain', 'types', 'message']) readFields(fields[name], `${field}.${name}`)
  readText(fields.primaryType, `${field}.primaryType`)
  const { chainId, verifyingContract } = fields.domain as Readonly<Record<string, unknown>>
  if (chainId !== undefined && !isChainId(chainId))
    throw invalidParams(`${field}.domain.chainId`, 'is no chain id')
  if (
    verifyingContract !== undefined &&
    !(typeof verifyingContract === 'string' && isAddress(verifyingContract, { strict: false }))
  )
    throw invalidParams(`${field}.domain.verifyingContract`, 'is no address')

  const typedData = fromJsonTypedData(fields as TypedDataDefinition)
  assertDomainType(typedData, field)
  try {
    validateTypedData(typedData)
  } catch (error) {
    throw invalidParams(field, `is no typed data of EIP-712 (${(error as Error).name})`)
  }
  return typedData
}

function parse(text: string, field: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidParams(field, 'is no JSON')
  }
}

const isChainId = (value: unknown) =>
  Number.isSafeInteger(value) ||
  (typeof value === 'string' && /^(\d{1,78}|0x[\da-f]{1,64})$/i.test(value))

/** A type that lists other fields than the domain has would be signed as another domain than the user is shown. */
function assertDomainType({ domain, types }: TypedDataDefinition, field: string): void {
  const { EIP712Domain: declared } = types as { EIP712Domain?: unknown }
  if (declared === undefined) return
  const derived = getTypesForEIP712Domain({ domain: domain as TypedDataDomain })
  const names = (list: unknown) =>
    Array.isArray(list) ? list.map((one) => `${one?.type} ${one?.name}`).join() : ''
  if (names(declared) !== names(derived))
    throw invalidParams(
      `${field}.types.EIP712Domain`,
      `is not ${names(derived) || 'empty'}, as the domain has it`,
    )
}
