import type { Member, StorageLayout } from './storageLayout.ts'

/**
 * What an upgrade from `before` to `after` would break, one line for each. Members may be appended to a namespace, and
 * to a struct that is only the value of a mapping: there, nothing stands behind it.
 */
export function compareLayouts(before: StorageLayout, after: StorageLayout): string[] {
  const problems: string[] = []
  for (const [contract, members] of Object.entries(before.slots)) {
    const now = after.slots[contract] ?? []
    problems.push(...compareMembers(`slots of ${contract}`, members, now, true))
  }
  for (const [namespace, { members }] of Object.entries(before.namespaces)) {
    const now = after.namespaces[namespace]?.members
    if (!now) problems.push(`namespace ${namespace} is gone`)
    else problems.push(...compareMembers(`namespace ${namespace}`, members, now, true))
  }
  for (const [struct, members] of Object.entries(before.structs)) {
    const now = after.structs[struct]
    if (!now) problems.push(`struct ${struct} is gone`)
    else problems.push(...compareMembers(`struct ${struct}`, members, now, canGrow(before, struct)))
  }
  return problems
}

function compareMembers(
  where: string,
  before: readonly Member[],
  after: readonly Member[],
  mayGrow: boolean,
): string[] {
  const problems = before.flatMap(({ name, type }, position) => {
    const now = after[position]
    if (!now) return [`${where}: ${type} ${name} is gone`]
    if (now.type !== type || now.name !== name) {
      return [`${where}: ${type} ${name} became ${now.type} ${now.name}`]
    }
    return []
  })
  if (!mayGrow && after.length > before.length) {
    const added = after.slice(before.length).map(({ type, name }) => `${type} ${name}`)
    problems.push(`${where}: ${added.join(', ')} would move what stands behind it`)
  }
  return problems
}

/** Whether a struct is nowhere held in place or in an array, where a longer one moves its neighbours. */
function canGrow({ namespaces, structs }: StorageLayout, struct: string): boolean {
  const holders = [
    ...Object.values(namespaces).map(({ members }) => members),
    ...Object.values(structs),
  ]
  return holders.flat().every(({ type }) => {
    const stored = `struct ${struct}`
    if (!type.includes(stored)) return true
    return type.startsWith('mapping(') && new RegExp(`=> ${escaped(stored)}\\)+$`).test(type)
  })
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
