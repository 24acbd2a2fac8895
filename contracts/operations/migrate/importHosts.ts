import type { Account, Address, PublicClient, Transport, WalletClient } from 'viem'
import { erc20Abi, parseAbi } from 'viem'
import { type ExportedHost, type HostExport, leafOf } from './exportHosts.ts'
import { merkleTree } from './merkleTree.ts'

export const migrationHelperAbi = parseAbi([
  'struct HostEntry { address operator; address controller; uint96 stake; uint32 score; string metadata; }',
  'struct Totals { uint256 hosts; uint256 stake; uint256 score; }',
  'function migrate(HostEntry[] entries, bytes32[][] proofs)',
  'function close()',
  'function isMigrated(address operator) view returns (bool)',
  'function migrated() view returns (Totals)',
  'function totals() view returns (Totals)',
  'function root() view returns (bytes32)',
  'function closed() view returns (bool)',
  'function fab() view returns (address)',
])

/** Hosts in one transaction. */
const batchSize = 20

/**
 * Brings the hosts of an export that are not there yet through the helper, and closes it when all are.
 * @returns How many were brought, or in a dry run would be.
 * @throws {@link MigrationMismatchError} when export and helper do not agree, before or after.
 */
export async function importHosts({
  publicClient,
  walletClient,
  helper,
  exported,
  dryRun = false,
}: {
  publicClient: Pick<
    PublicClient,
    'readContract' | 'simulateContract' | 'waitForTransactionReceipt'
  >
  walletClient: WalletClient<Transport, undefined, Account>
  helper: Address
  exported: HostExport
  dryRun?: boolean
}): Promise<number> {
  const contract = { address: helper, abi: migrationHelperAbi } as const
  const { account } = walletClient
  const tree = merkleTree(exported.hosts.map(leafOf))
  expectSame('root of the file', exported.root, tree.root)
  const sums = await publicClient.readContract({ ...contract, functionName: 'totals' })
  expectSame(
    'root',
    await publicClient.readContract({ ...contract, functionName: 'root' }),
    tree.root,
  )
  expectSame('hosts', sums.hosts, BigInt(exported.hosts.length))
  expectSame(
    'stakes',
    sums.stake,
    exported.hosts.reduce((sum, { stake }) => sum + stake, 0n),
  )
  expectSame(
    'scores',
    sums.score,
    exported.hosts.reduce((sum, { score }) => sum + BigInt(score), 0n),
  )

  const open: ExportedHost[] = []
  for (const host of exported.hosts) {
    const args = [host.operator] as const
    if (!(await publicClient.readContract({ ...contract, functionName: 'isMigrated', args }))) {
      open.push(host)
    }
  }
  if (dryRun) return open.length

  const send = async (hash: `0x${string}`) => {
    const { status } = await publicClient.waitForTransactionReceipt({ hash, pollingInterval: 50 })
    if (status !== 'success') throw new MigrationMismatchError('transaction', 'success', hash)
  }
  const stake = open.reduce((sum, host) => sum + host.stake, 0n)
  if (stake > 0n) {
    const fab = await publicClient.readContract({ ...contract, functionName: 'fab' })
    await send(
      await walletClient.writeContract({
        address: fab,
        abi: erc20Abi,
        functionName: 'approve',
        args: [helper, stake],
        chain: null,
      }),
    )
  }
  for (let from = 0; from < open.length; from += batchSize) {
    const entries = open.slice(from, from + batchSize)
    const { request } = await publicClient.simulateContract({
      ...contract,
      account,
      functionName: 'migrate',
      args: [entries, entries.map((host) => tree.proofOf(leafOf(host)))],
    })
    await send(await walletClient.writeContract({ ...request, chain: null }))
  }
  const done = await publicClient.readContract({ ...contract, functionName: 'migrated' })
  expectSame('migrated stakes', sums.stake, done.stake)
  expectSame('migrated scores', sums.score, done.score)
  if (!(await publicClient.readContract({ ...contract, functionName: 'closed' }))) {
    await send(
      await walletClient.writeContract({ ...contract, functionName: 'close', chain: null }),
    )
  }
  return open.length
}

function expectSame(what: string, expected: unknown, found: unknown): void {
  if (expected !== found) throw new MigrationMismatchError(what, expected, found)
}

export class MigrationMismatchError extends Error {
  override name = 'MigrationMismatchError'
  constructor(what: string, expected: unknown, found: unknown) {
    super(`${what}: expected ${String(expected)}, found ${String(found)}`)
  }
}
