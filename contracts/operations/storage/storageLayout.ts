/** A member of a struct, in source order. */
export type Member = { name: string; type: string }

/**
 * Layout of the upgradeable contracts: every ERC-7201 namespace, and every struct that one of them holds, by its
 * canonical name.
 */
export type StorageLayout = {
  /** State variables from slot 0 on, which only OpenZeppelin's parts may have. */
  slots: Record<string, Member[]>
  namespaces: Record<string, { struct: string; contracts: string[]; members: Member[] }>
  structs: Record<string, Member[]>
}

/** The parts of solc's syntax tree that are looked at. */
export type AstNode = {
  nodeType: string
  id: number
  name?: string
  contractKind?: string
  absolutePath?: string
  canonicalName?: string
  documentation?: { text?: string } | string | null
  members?: AstNode[]
  nodes?: AstNode[]
  constant?: boolean
  mutability?: string
  stateVariable?: boolean
  storageLocation?: string
  linearizedBaseContracts?: number[]
  typeName?: AstNode
  keyType?: AstNode
  valueType?: AstNode
  baseType?: AstNode
  referencedDeclaration?: number
  pathNode?: AstNode
  typeDescriptions?: { typeString?: string }
  value?: AstNode | string
  body?: unknown
}

export type Source = { ast: AstNode }

/** Contracts, structs and where they stand, of one compilation. */
type Index = {
  contracts: Map<number, AstNode>
  structs: Map<number, AstNode>
  enums: Map<number, AstNode>
  /** Contracts of this project's own sources. */
  own: Set<number>
}

/**
 * Storage of `names` and all that they inherit, out of the compiler's syntax trees.
 * @throws {@link UnnamespacedStorageError} for a state variable of our own outside of a namespace.
 */
export function storageLayoutOf(
  sources: Readonly<Record<string, Source>>,
  names: readonly string[],
): StorageLayout {
  const index = indexOf(sources)
  const layout: StorageLayout = { slots: {}, namespaces: {}, structs: {} }
  for (const name of names) {
    const contract = [...index.contracts.values()].find((one) => one.name === name)
    if (!contract) throw new RangeError(`the compiler's output has no contract ${name}`)
    const variables: AstNode[] = []
    // Slots are given out from the most basic contract on.
    for (const id of (contract.linearizedBaseContracts ?? []).toReversed()) {
      const base = index.contracts.get(id)
      for (const node of base?.nodes ?? []) {
        addNamespace(layout, index, node, name)
        if (!isStateVariable(node)) continue
        if (index.own.has(id)) throw new UnnamespacedStorageError(name, base?.name, node.name)
        variables.push(node)
      }
    }
    if (variables.length > 0) {
      layout.slots[name] = membersOf(layout, index, { ...contract, members: variables })
    }
  }
  // Storage of a contract can also be laid out by a library that it calls.
  for (const library of index.contracts.values()) {
    if (library.contractKind !== 'library' || !index.own.has(library.id)) continue
    for (const node of library.nodes ?? []) addNamespace(layout, index, node, undefined)
  }
  return layout
}

/** Namespaces of `@custom:storage-location erc7201:<namespace>`. */
function addNamespace(
  layout: StorageLayout,
  index: Index,
  node: AstNode,
  contract: string | undefined,
): void {
  const namespace = namespaceOf(node)
  if (namespace === undefined) return
  const known = layout.namespaces[namespace]
  const struct = node.canonicalName ?? ''
  if (known && known.struct !== struct) {
    throw new RangeError(`${known.struct} and ${struct} share the namespace ${namespace}`)
  }
  const entry = known ?? { struct, contracts: [], members: membersOf(layout, index, node) }
  if (contract && !entry.contracts.includes(contract)) entry.contracts.push(contract)
  layout.namespaces[namespace] = entry
}

export function namespaceOf({ nodeType, documentation }: AstNode): string | undefined {
  if (nodeType !== 'StructDefinition' || !documentation) return undefined
  const text = typeof documentation === 'string' ? documentation : documentation.text
  return /@custom:storage-location erc7201:(\S+)/.exec(text ?? '')?.[1]
}

function membersOf(layout: StorageLayout, index: Index, struct: AstNode): Member[] {
  return (struct.members ?? []).map(({ name = '', typeName }) => {
    collectStructs(layout, index, typeName)
    return { name, type: typeText(typeName, index) }
  })
}

/** Adds every struct that a type names, however deep. */
function collectStructs(layout: StorageLayout, index: Index, type: AstNode | undefined): void {
  if (!type) return
  collectStructs(layout, index, type.valueType)
  collectStructs(layout, index, type.baseType)
  const struct = index.structs.get(type.referencedDeclaration ?? -1)
  if (!struct?.canonicalName || layout.structs[struct.canonicalName]) return
  // Entered before its members, which may name it again.
  layout.structs[struct.canonicalName] = []
  layout.structs[struct.canonicalName] = membersOf(layout, index, struct)
}

/** A type as it counts for storage: what a contract, enum or user-defined type is stored as. */
function typeText(type: AstNode | undefined, index: Index): string {
  const text = type?.typeDescriptions?.typeString ?? ''
  if (type?.nodeType === 'Mapping') {
    return `mapping(${typeText(type.keyType, index)} => ${typeText(type.valueType, index)})`
  }
  if (type?.nodeType === 'ArrayTypeName') {
    return `${typeText(type.baseType, index)}${/\[\d*\]$/.exec(text)?.[0] ?? '[]'}`
  }
  if (text.startsWith('contract ')) return 'address'
  const enumeration = index.enums.get(type?.referencedDeclaration ?? -1)
  if (enumeration)
    return `enum of ${enumeration.members && enumeration.members.length <= 256 ? 'uint8' : 'more'}`
  return text
}

function indexOf(sources: Readonly<Record<string, Source>>): Index {
  const index: Index = {
    contracts: new Map(),
    structs: new Map(),
    enums: new Map(),
    own: new Set(),
  }
  const visit = (node: AstNode, own: boolean) => {
    if (node.nodeType === 'ContractDefinition') index.contracts.set(node.id, node)
    if (own) index.own.add(node.id)
    if (node.nodeType === 'StructDefinition') index.structs.set(node.id, node)
    if (node.nodeType === 'EnumDefinition') index.enums.set(node.id, node)
    for (const child of node.nodes ?? []) visit(child, own)
  }
  for (const [name, { ast }] of Object.entries(sources)) visit(ast, name.startsWith('project/'))
  return index
}

function isStateVariable({
  nodeType,
  stateVariable,
  constant,
  mutability,
  storageLocation,
}: AstNode): boolean {
  return (
    nodeType === 'VariableDeclaration' &&
    stateVariable === true &&
    constant !== true &&
    mutability !== 'immutable' &&
    storageLocation !== 'transient'
  )
}

/** A state variable of an upgradeable contract stands outside of the ERC-7201 namespaces. */
export class UnnamespacedStorageError extends Error {
  override name = 'UnnamespacedStorageError'
  constructor(contract: string, base: string | undefined, variable: string | undefined) {
    super(`${contract} is upgradeable, and ${base}.${variable} is not in an ERC-7201 namespace`)
  }
}
