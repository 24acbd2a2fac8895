import type { Address, Hex } from 'viem'
import { hexToBigInt } from 'viem'
import { op } from '../opcodes.ts'
import type { TouchedAddress, TraceFrame } from '../trace/trace.ts'
import type { Association } from './associatedStorage.ts'
import { opcodeName } from './opcodes.ts'
import { isPrecompile } from './precompiles.ts'
import type { EntityFrame, EntityKind, Finding, Scene } from './scene.ts'
import { lower } from './scene.ts'

const selectors = { depositTo: '0xb760faf9', incrementNonce: '0x0bd28e3b', fallback: '0x' }

/** Addresses below are precompiles of one chain or another; some chains put one byte of code there. */
const reserved = 0x1000n

const lookOpcodes = new Set<number>([op.extCodeSize, op.extCodeCopy, op.extCodeHash])

/** Whom an entity may not look at or call, and value that it may not send. */
export function accessFindings(
  at: EntityFrame,
  scene: Pick<Scene, 'entryPoint' | 'entities' | 'delegated'>,
  associated: Association,
): Finding[] {
  const { frame, entity, children } = at
  return [
    ...frame.touched.flatMap((touched) => touchFinding(touched, entity, scene)),
    ...children.flatMap((call) => callFinding(call, entity, scene, associated)),
  ]
}

function touchFinding(
  { address: named, opcode, codeSize, existenceCheck }: TouchedAddress,
  entity: EntityKind,
  { entryPoint, entities, delegated }: Pick<Scene, 'entryPoint' | 'entities' | 'delegated'>,
): Finding[] {
  const address = lower(named)
  const name = opcodeName(opcode)
  const values = { opcode: name, touched: address }
  if (address === entryPoint) {
    // [OP-051] EXTCODESIZE ISZERO, as compilers put it before a call. CALL is judged by its frame.
    if (opcode === op.call || existenceCheck) return []
    return [{ rule: 'OP-054', deed: `accesses the EntryPoint with ${name}`, values }]
  }
  if (hexToBigInt(address) < reserved && codeSize <= 1 && !lookOpcodes.has(opcode)) {
    if (isPrecompile(address)) return []
    return [
      { rule: 'OP-062', deed: `calls the precompile ${address}, which is not accepted`, values },
    ]
  }
  if (address === entities.account) {
    // [OP-042] The sender, before the factory has deployed it.
    if (codeSize > 0 || entity === 'factory') return []
  } else if (delegated.has(address)) {
    const deed = `accesses the EIP-7702 account ${address}, which is not the sender, with ${name}`
    return [{ rule: 'AUTH-030', deed, values }]
  }
  if (codeSize > 0) return []
  return [
    {
      rule: 'OP-041',
      deed: `accesses un-deployed contract address ${address} with ${name}`,
      values,
    },
  ]
}

function callFinding(
  call: TraceFrame,
  entity: EntityKind,
  { entryPoint, entities }: Pick<Scene, 'entryPoint' | 'entities'>,
  associated: Association,
): Finding[] {
  const target = lower(call.codeAddress)
  const values = { type: call.type, target, selector: call.selector, value: `${call.value}` }
  if (target === entryPoint && call.type === 'CALL') {
    if (mayCallEntryPoint(call, entity, entities.account, associated)) return []
    return [{ rule: 'OP-054', deed: `calls ${call.selector} of the EntryPoint`, values }]
  }
  if (call.value === 0n || (call.type !== 'CALL' && call.type !== 'CALLCODE')) return []
  return [{ rule: 'OP-061', deed: `sends ${call.value} wei to ${target}`, values }]
}

/**
 * `from the sender` means: in the validation of the account, by itself or by what it calls, or in its
 * constructor. Whoever is called and pays is shared with nobody: the pool holds one operation of it.
 */
function mayCallEntryPoint(
  call: TraceFrame,
  entity: EntityKind,
  sender: Address,
  associated: Association,
): boolean {
  const selector: Hex = lower(call.selector)
  // [OP-052] depositTo(sender) by account or factory: the only deposit that it writes is the sender's.
  if (selector === selectors.depositTo) {
    return entity !== 'paymaster' && call.storage.writes.every((slot) => associated(slot, sender))
  }
  const isSenders = lower(call.from) === sender
  // [OP-053] Payment of what is missing, with any value: an account that is being deployed may pay, too.
  if (selector === selectors.fallback) return entity === 'account' || isSenders
  // [OP-055] The sender's own nonce.
  return selector === selectors.incrementNonce && isSenders
}
