import { type Address, type Hex, hexToBigInt, isAddressEqual, keccak256, pad, slice } from 'viem'
import type { TracedFrame, ValidationTrace } from './validationTracer.ts'

export type EntityKind = 'account' | 'factory' | 'paymaster'

export type Violation = {
  /** Rule of ERC-7562. */
  rule: string
  entity: EntityKind
  detail: string
}

export type ValidationScene = {
  entryPoint: Address
  sender: Address
  /** Whether the operation deploys its sender. */
  deploys: boolean
  factory?: Address | undefined
  paymaster?: Address | undefined
  /** Entities with a stake. */
  staked: readonly EntityKind[]
  /** Whether code stands at an address before the operation. */
  hasCode(address: Address): boolean
}

/** [OP-011] */
const banned = new Set([
  ...['GASPRICE', 'GASLIMIT', 'DIFFICULTY', 'PREVRANDAO', 'TIMESTAMP', 'BASEFEE', 'BLOCKHASH'],
  ...['NUMBER', 'ORIGIN', 'COINBASE', 'CREATE', 'SELFDESTRUCT', 'INVALID', 'BLOBHASH'],
  'BLOBBASEFEE',
])
/** [OP-080] Allowed of a staked entity. */
const balanceReads = ['BALANCE', 'SELFBALANCE']

const validateUserOp = '0x19822f7c'
const validatePaymasterUserOp = '0x52b7512c'
const createSender = '0x570e1a36'
/** [OP-052] depositTo; [OP-055] incrementNonce. */
const depositTo = '0xb760faf9'
const incrementNonce = '0x0bd28e3b'

/** [STO-021] A mapping entry and the 128 slots behind it: structs are that long at most. */
const associatedRange = 128n

/** Rules of ERC-7562 that the validation frames of one operation break. Empty for a legal operation. */
export function erc7562Violations(trace: ValidationTrace, scene: ValidationScene): Violation[] {
  const entities = entityOfFrames(trace.frames, scene)
  const associated = associatedSlots(trace.preimages)
  const violations = trace.frames.flatMap((frame, index) => {
    const entity = entities[index]
    if (!entity) return []
    const found = [
      ...opcodeViolations(frame, entity, scene),
      ...callViolations(frame, entity, scene),
      ...storageViolations(frame, entity, scene, associated),
    ]
    return found.map(([rule, detail]) => ({ rule, entity, detail }))
  })
  // [OP-031] Once, by the factory: the sender's deployment.
  const created = trace.frames.reduce(
    (sum, { opcodes }, index) => sum + (entities[index] ? (opcodes.CREATE2 ?? 0) : 0),
    0,
  )
  return created > 1
    ? [...violations, { rule: 'OP-031', entity: 'factory', detail: `CREATE2, ${created} times` }]
    : violations
}

/** Kinds of the entities that have a validation frame at all: a check of nothing would find nothing. */
export function tracedEntities(trace: ValidationTrace, scene: ValidationScene): Set<EntityKind> {
  return new Set(entityOfFrames(trace.frames, scene).filter((kind) => kind !== undefined))
}

type Finding = [rule: string, detail: string]

/** Which entity's validation a frame belongs to; none for the EntryPoint's own and for execution. */
function entityOfFrames(
  frames: readonly TracedFrame[],
  { entryPoint, sender, paymaster }: ValidationScene,
): (EntityKind | undefined)[] {
  const kinds: (EntityKind | undefined)[] = []
  for (const { parent, address, selector } of frames) {
    const caller = frames[parent]
    // The EntryPoint's code is no entity's, whoever called it.
    if (isAddressEqual(address, entryPoint)) kinds.push(undefined)
    else if (!caller) kinds.push(undefined)
    else if (caller.parent === -1 && isAddressEqual(caller.address, entryPoint)) {
      if (selector === validateUserOp && isAddressEqual(address, sender)) kinds.push('account')
      else if (selector === validatePaymasterUserOp && paymaster !== undefined)
        kinds.push('paymaster')
      else kinds.push(undefined)
    } else if (caller.selector === createSender && kinds[parent] === undefined)
      kinds.push('factory')
    else kinds.push(kinds[parent])
  }
  return kinds
}

function opcodeViolations(
  { opcodes, strayGas, outOfGas }: TracedFrame,
  entity: EntityKind,
  { staked }: ValidationScene,
): Finding[] {
  const found: Finding[] = []
  for (const opcode of Object.keys(opcodes)) {
    if (banned.has(opcode)) found.push(['OP-011', opcode])
    if (balanceReads.includes(opcode) && !staked.includes(entity)) found.push(['OP-080', opcode])
    if (opcode === 'CREATE2' && entity !== 'factory') found.push(['OP-031', opcode])
    // Names that no opcode of the fork has.
    if (/unknown|not defined|opcode 0x/i.test(opcode)) found.push(['OP-013', opcode])
  }
  if (strayGas > 0) found.push(['OP-012', `GAS without a call, ${strayGas} times`])
  if (outOfGas) found.push(['OP-020', 'out of gas'])
  return found
}

function callViolations(
  { touched }: TracedFrame,
  entity: EntityKind,
  { entryPoint, sender, deploys, hasCode }: ValidationScene,
): Finding[] {
  return touched.flatMap(({ opcode, address, value, selector }): Finding[] => {
    const detail = `${opcode} ${address} ${selector}`
    if (isAddressEqual(address, entryPoint)) {
      const deposit = opcode === 'CALL' && selector === depositTo
      const paid = opcode === 'CALL' && selector === '0x' && entity === 'account'
      const nonce = opcode === 'CALL' && selector === incrementNonce && entity === 'account'
      return deposit || paid || nonce ? [] : [['OP-054', detail]]
    }
    if (value) return [['OP-061', detail]]
    if (isPrecompile(address)) return opcode.startsWith('EXT') ? [['OP-041', detail]] : []
    // [OP-042] The sender may be looked at before it exists.
    if (deploys && isAddressEqual(address, sender)) return []
    return hasCode(address) ? [] : [['OP-041', detail]]
  })
}

function storageViolations(
  { address, storage }: TracedFrame,
  entity: EntityKind,
  { sender, factory, paymaster, deploys, staked }: ValidationScene,
  associated: (slot: Hex, owner: Address) => boolean,
): Finding[] {
  // [STO-010] The account's own storage is always allowed.
  if (isAddressEqual(address, sender)) return []
  const addressOf = { account: sender, factory, paymaster }
  const self = addressOf[entity]
  const isStaked = staked.includes(entity)
  return storage.flatMap(({ opcode, slot }): Finding[] => {
    const detail = `${opcode} ${address} ${slot}`
    const other = Object.values(addressOf).some(
      (known) => known !== undefined && isAddressEqual(known, address),
    )
    if (self !== undefined && isAddressEqual(address, self))
      return isStaked ? [] : [['STO-031', detail]]
    if (other) return [['STO-030', detail]]
    if (associated(slot, sender)) {
      // [STO-022] Of an account that is being deployed: only with a staked factory.
      return !deploys || staked.includes('factory') ? [] : [['STO-022', detail]]
    }
    if (!isStaked) return [['STO-021', detail]]
    if (self !== undefined && associated(slot, self)) return []
    return opcode === 'SLOAD' || opcode === 'TLOAD' ? [] : [['STO-033', detail]]
  })
}

/** [STO-020] Slots keccak256(A ‖ x) + n, for the address A as a padded word. */
function associatedSlots(preimages: readonly Hex[]): (slot: Hex, owner: Address) => boolean {
  const hashed = preimages.map((preimage) => ({
    first: slice(preimage, 0, 32),
    start: hexToBigInt(keccak256(preimage)),
  }))
  return (slot, owner) => {
    const position = hexToBigInt(slot)
    if (position === hexToBigInt(owner)) return true
    const word = pad(owner, { size: 32 }).toLowerCase()
    return hashed.some(
      ({ first, start }) =>
        first === word && position >= start && position <= start + associatedRange,
    )
  }
}

/** [OP-062] 1 to 0x11, and P256VERIFY at 0x100. */
function isPrecompile(address: Address): boolean {
  const value = hexToBigInt(address)
  return (value >= 1n && value <= 0x11n) || value === 0x100n
}
