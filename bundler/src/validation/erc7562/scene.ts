import type { Address, Hex } from 'viem'
import type { TraceFrame } from '../trace/trace.ts'

/** Entities that have a validation frame; aggregators are refused before. */
export type EntityKind = 'account' | 'factory' | 'paymaster'

/** What rules ask about an operation besides its trace. Addresses in lower case. */
export type Scene = {
  entryPoint: Address
  /** Address of each entity that the operation has. */
  entities: Partial<Record<EntityKind, Address>> & { account: Address }
  /** Entities with enough stake for long enough. */
  staked: ReadonlySet<EntityKind>
  /** Addresses whose code is an EIP-7702 delegation. */
  delegated: ReadonlySet<Address>
}

/** A frame that belongs to the validation of an entity. */
export type EntityFrame = { frame: TraceFrame; entity: EntityKind; children: readonly TraceFrame[] }

/** What a rule found in one frame. */
export type Finding = {
  /** Rule id of ERC-7562. */
  rule: string
  /** What was done, as the rest of a sentence whose subject is the entity. */
  deed: string
  /** The entity whose stake would have allowed it. */
  stakeOf?: EntityKind
  /** What the rule is about: opcode, slot, address. */
  values?: Record<string, string | number>
}

export type Violation = Finding & {
  entity: EntityKind
  /** Contract in whose name the code ran. */
  address: Address
}

/** Lower case, so that addresses of any source compare. */
export function lower<value extends Hex>(hex: value): value {
  return hex.toLowerCase() as value
}
