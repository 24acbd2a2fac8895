import {
  concatHex,
  getTypesForEIP712Domain,
  type Hex,
  hashDomain,
  hashStruct,
  numberToHex,
  type SignableMessage,
  size,
  stringToHex,
  type TypedDataDefinition,
  type TypedDataDomain,
  toPrefixedMessage,
} from 'viem'

// viem's functions for this load its secp256k1 for one cast of a type, which costs a browser 14 kB (decision 84).

type Fields = Readonly<Record<string, readonly { name: string; type: string }[]>>

/** ERC-7739 `PersonalSign`: what is signed for a message, so that it counts for one account only. */
export function personalSign(
  message: SignableMessage,
  { salt: _, ...domain }: TypedDataDomain,
): TypedDataDefinition {
  return {
    domain,
    types: { PersonalSign: [{ name: 'prefixed', type: 'bytes' }] },
    primaryType: 'PersonalSign',
    message: { prefixed: toPrefixedMessage(message) },
  }
}

/** ERC-7739 `TypedDataSign`: what is signed for typed data, in the domain of the app that asks. */
export function typedDataSign(
  { domain, types, primaryType, message }: TypedDataDefinition,
  account: TypedDataDomain,
): TypedDataDefinition {
  return {
    domain: domain as TypedDataDomain,
    types: {
      ...types,
      TypedDataSign: [
        { name: 'contents', type: primaryType },
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
        { name: 'chainId', type: 'uint256' },
        { name: 'verifyingContract', type: 'address' },
        { name: 'salt', type: 'bytes32' },
      ],
    },
    primaryType: 'TypedDataSign',
    message: { contents: message, ...account },
  }
}

/**
 * A signature with what its verifier needs to rebuild `typedDataSign`: signature ‖ domain separator ‖ hash of the
 * contents ‖ their type ‖ its length in 2 bytes.
 */
export function wrapTypedDataSignature(
  signature: Hex,
  { domain: domain_, types: types_, primaryType, message }: TypedDataDefinition,
): Hex {
  const [domain, types] = [(domain_ ?? {}) as TypedDataDomain, types_ as Fields]
  const contents = stringToHex(encodeType(primaryType, types))
  const domainTypes = { EIP712Domain: getTypesForEIP712Domain({ domain }) }
  return concatHex([
    signature,
    hashDomain({ domain, types: domainTypes } as Parameters<typeof hashDomain>[0]),
    hashStruct({ data: message, types, primaryType }),
    contents,
    numberToHex(size(contents), { size: 2 }),
  ])
}

/** EIP-712 `encodeType`: the type, then those it refers to by name. */
function encodeType(primaryType: string, types: Fields): string {
  const referred = new Set<string>()
  const visit = (type: string) => {
    const [name = ''] = /^\w*/.exec(type) ?? []
    const fields = types[name]
    if (!fields || referred.has(name)) return
    referred.add(name)
    for (const field of fields) visit(field.type)
  }
  visit(primaryType)
  referred.delete(primaryType)
  return [primaryType, ...[...referred].toSorted()]
    .map((name) => `${name}(${(types[name] ?? []).map((f) => `${f.type} ${f.name}`).join(',')})`)
    .join('')
}
