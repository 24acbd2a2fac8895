import { type Address, type Hex, parseAbiItem } from 'viem'
import { type Check, check } from './check.ts'
import { expectedRoles } from './expectations.ts'
import { gettersOf, read, type Subject, subjectsOf, type VerifyContext } from './readers.ts'

const roleGranted = parseAbiItem(
  'event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)',
)

/** Blocks in one request for logs; public nodes refuse more. */
const pageOfBlocks = 5_000n

/**
 * Who holds the roles of every contract with AccessControl: each account that was ever granted one and still has it.
 * A role without a line in {@link expectedRoles} has to be empty.
 */
export async function checkRoles(context: VerifyContext): Promise<Check[]> {
  const checks: Check[] = []
  for (const subject of await subjectsOf(context)) {
    const { record, artifact } = subject
    const hasRoles = artifact.abi.some(
      (item) => item.type === 'event' && item.name === 'RoleGranted',
    )
    if (!hasRoles) continue

    const holders = await holdersOf(context, subject)
    const named = new Map<Hex, string>()
    for (const { name } of gettersOf(artifact.abi, 'bytes32').filter(({ name }) =>
      name.endsWith('_ROLE'),
    )) {
      named.set((await read(context, subject, name)) as Hex, name)
    }
    for (const role of holders.keys()) if (!named.has(role)) named.set(role, role)
    const expected = expectedRoles(context.deployment)[record.name] ?? {}
    for (const [role, name] of named) {
      checks.push(
        check(record.label, name, sorted(expected[name] ?? []), sorted(holders.get(role) ?? [])),
      )
    }
  }
  return checks
}

async function holdersOf(context: VerifyContext, subject: Subject): Promise<Map<Hex, Address[]>> {
  const { publicClient } = context
  const { address, block } = subject.record
  const latest = await publicClient.getBlockNumber()
  const holders = new Map<Hex, Address[]>()
  for (let from = BigInt(block); from <= latest; from += pageOfBlocks) {
    const last = from + pageOfBlocks - 1n
    const logs = await publicClient.getLogs({
      address,
      event: roleGranted,
      strict: true,
      fromBlock: from,
      toBlock: last < latest ? last : latest,
    })
    for (const { role, account } of logs.map(({ args }) => args)) {
      const known = holders.get(role) ?? []
      const holds = await read(context, subject, 'hasRole', [role, account])
      if (holds === true && !known.includes(account)) holders.set(role, [...known, account])
    }
  }
  return holders
}

const sorted = (accounts: readonly Address[]) =>
  accounts.length === 0
    ? 'nobody'
    : accounts
        .map((account) => account.toLowerCase())
        .toSorted()
        .join(' ')
