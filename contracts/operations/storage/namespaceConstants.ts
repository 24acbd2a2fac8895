import { encodeAbiParameters, type Hex, keccak256, numberToHex, stringToHex } from 'viem'
import { type AstNode, namespaceOf, type Source } from './storageLayout.ts'

/** Slot of an ERC-7201 namespace: keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff. */
export function erc7201Slot(namespace: string): Hex {
  const hash = BigInt(keccak256(stringToHex(namespace))) - 1n
  const slot = BigInt(keccak256(encodeAbiParameters([{ type: 'uint256' }], [hash]))) & ~0xffn
  return numberToHex(slot, { size: 32 })
}

/**
 * What is wrong with the slot constants of the project's own sources, one line for each: a namespace whose slot no
 * constant of its contract holds, and a constant named like a slot that is no namespace's.
 */
export function namespaceConstantProblems(sources: Readonly<Record<string, Source>>): string[] {
  const own = Object.entries(sources).filter(([name]) => name.startsWith('project/contracts/'))
  return own.flatMap(([, { ast }]) =>
    (ast.nodes ?? [])
      .filter(({ nodeType }) => nodeType === 'ContractDefinition')
      .flatMap((contract) => problemsOf(contract)),
  )
}

function problemsOf({ name: contract, nodes = [] }: AstNode): string[] {
  const namespaces = nodes.flatMap((node) => namespaceOf(node) ?? [])
  const constants = nodes.flatMap((node) => constantOf(node) ?? [])
  const missing = namespaces.flatMap((namespace) => {
    const slot = erc7201Slot(namespace)
    return constants.some(({ value }) => value === slot)
      ? []
      : [`${contract}: no constant is ${slot}, the slot of ${namespace}`]
  })
  const slots = namespaces.map(erc7201Slot)
  const stray = constants.flatMap(({ name, value }) =>
    /_STORAGE$|SLOT$|LOCATION$/i.test(name) && !slots.includes(value)
      ? [`${contract}: ${name} is ${value}, the slot of no namespace of it`]
      : [],
  )
  return [...missing, ...stray]
}

function constantOf({ nodeType, constant, name, value }: AstNode) {
  if (nodeType !== 'VariableDeclaration' || !constant || !name || typeof value !== 'object') {
    return undefined
  }
  const literal = value.value
  if (typeof literal !== 'string' || !/^0x[0-9a-f]{64}$/i.test(literal)) return undefined
  return { name, value: literal.toLowerCase() as Hex }
}
