import { readFile, writeFile } from 'node:fs/promises'
import type { HostExport } from './exportHosts.ts'

/** Writes an export as JSON; whole numbers are decimal strings. */
export async function writeHostExport(path: string, exported: HostExport): Promise<void> {
  const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  await writeFile(path, `${JSON.stringify(exported, plain, 2)}\n`)
}

/** Reads what {@link writeHostExport} wrote. */
export async function readHostExport(path: string): Promise<HostExport> {
  const { hosts, totals, root } = JSON.parse(await readFile(path, 'utf8')) as HostExport
  return {
    root,
    totals: {
      hosts: BigInt(totals.hosts),
      stake: BigInt(totals.stake),
      score: BigInt(totals.score),
    },
    hosts: hosts.map((host) => ({ ...host, stake: BigInt(host.stake) })),
  }
}
