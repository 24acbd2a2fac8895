import {
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  stringToHex,
  zeroAddress,
} from 'viem'
import { type HostState, scoreAt } from '../monitor/indexHosts.ts'
import { merkleTree } from './merkleTree.ts'

/** One host as {MigrationHelper} takes it. */
export type ExportedHost = {
  operator: Address
  /** Zero for the operator itself. */
  controller: Address
  /** FAB in wei. */
  stake: bigint
  score: number
  metadata: string
}

export type HostExport = {
  hosts: readonly ExportedHost[]
  totals: { hosts: bigint; stake: bigint; score: bigint }
  root: Hex
}

/**
 * Hosts of an earlier deployment out of its events: all stake they have there, what unbonds included, and the score as
 * of `now` (Unix seconds). A host without either is left out.
 */
export function exportHosts({ hosts }: HostState, now: number): HostExport {
  const exported = [...hosts]
    .map(([operator, host]) => ({
      operator,
      controller: host.controller === operator ? zeroAddress : host.controller,
      stake: host.stake + host.unbonding,
      score: scoreAt(host, now),
      // The registry takes 1 to 1,024 bytes; who has left has none.
      metadata: host.metadata || 'migrated',
    }))
    .filter(({ stake, score }) => stake > 0n || score > 0)
    .toSorted((a, b) => (a.operator < b.operator ? -1 : 1))
  return {
    hosts: exported,
    totals: {
      hosts: BigInt(exported.length),
      stake: exported.reduce((sum, { stake }) => sum + stake, 0n),
      score: exported.reduce((sum, { score }) => sum + BigInt(score), 0n),
    },
    root: merkleTree(exported.map(leafOf)).root,
  }
}

/** Leaf of an entry, as {MigrationHelper-leafOf} makes it. */
export function leafOf({ operator, controller, stake, score, metadata }: ExportedHost): Hex {
  const inner = encodeAbiParameters(
    [
      { type: 'address' },
      { type: 'address' },
      { type: 'uint96' },
      { type: 'uint32' },
      { type: 'bytes32' },
    ],
    [operator, controller, stake, score, keccak256(stringToHex(metadata))],
  )
  return keccak256(keccak256(inner))
}
