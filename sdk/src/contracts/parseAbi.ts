import type { Abi, AbiParameter, ParseAbi, ParseAbiParameters } from 'viem'

/**
 * ABI of human-readable signatures. For this package's own constants: what viem's parser has beyond that (structs,
 * messages for wrong text) would be a tenth of the client in a browser (decision 84).
 * @param signatures Like 'function f((address to, bytes data)[] calls) view returns (uint256)', tuples written out.
 */
export function parseAbi<const signatures extends readonly string[]>(
  signatures: signatures,
): ParseAbi<signatures> {
  return signatures.map(parseItem) as Abi as ParseAbi<signatures>
}

/** Parameters like 'bytes32 r, (address to, bytes data)[] calls'. */
export function parseAbiParameters<const text extends string>(
  text: text,
): ParseAbiParameters<text> {
  return parameters(text) as readonly AbiParameter[] as ParseAbiParameters<text>
}

function parseItem(signature: string) {
  const [head = '', returned] = signature.split(/ returns (?=\()/)
  const [, type = '', name = '', inputs = '', mutability = ''] =
    /^(\w+) (\w+)\((.*)\)(?: (\w+))?$/.exec(head) ?? []
  const item = { type, name, inputs: parameters(inputs) }
  if (type !== 'function') return item
  return {
    ...item,
    outputs: parameters(returned?.slice(1, -1) ?? ''),
    stateMutability: mutability || 'nonpayable',
  }
}

function parameters(list: string): AbiParameter[] {
  return splitList(list).map((text) => {
    const [, components, type, indexed, name] =
      /^ ?(?:\((.*)\))?([\w[\]]*)( indexed)?(?: (\w+))?$/.exec(text) ?? []
    return {
      type: components === undefined ? type : `tuple${type}`,
      ...(name && { name }),
      ...(indexed && { indexed: true }),
      ...(components !== undefined && { components: parameters(components) }),
    } as AbiParameter
  })
}

/** Parts between the commas that stand in no parentheses. */
function splitList(list: string): string[] {
  const parts: string[] = []
  let [depth, start] = [0, 0]
  for (const [index, character] of [...list, ','].entries()) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character !== ',' || depth > 0) continue
    parts.push(list.slice(start, index))
    start = index + 1
  }
  return list === '' ? [] : parts
}
