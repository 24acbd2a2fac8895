import type { TypedDataDefinition, TypedDataDomain } from 'viem'

/**
 * Typed data as JSON has it, with its chain id as a number: viem takes no other for a field of the domain, and leaves it
 * out of what is signed.
 */
export function fromJsonTypedData(typedData: TypedDataDefinition): TypedDataDefinition {
  const domain = (typedData.domain ?? {}) as TypedDataDomain
  const { chainId } = domain
  // A text, whatever its type says.
  return {
    ...typedData,
    domain: chainId === undefined ? domain : { ...domain, chainId: BigInt(chainId) },
  }
}
