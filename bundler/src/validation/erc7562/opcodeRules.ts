import { op } from '../opcodes.ts'
import { isAssigned, opcodeName } from './opcodes.ts'
import type { EntityFrame, Finding, Scene } from './scene.ts'

/** [OP-011] What tells about block or transaction, or destroys. CREATE has rules of its own. */
const banned = new Set<number>([
  op.origin,
  op.gasPrice,
  op.blockHash,
  op.coinbase,
  op.timestamp,
  op.number,
  op.prevRandao,
  op.gasLimit,
  op.baseFee,
  op.blobHash,
  op.blobBaseFee,
  op.invalid,
  op.selfDestruct,
])
/** [OP-080] */
const ofStakedOnly = new Set<number>([op.balance, op.selfBalance])

/** Opcodes that an entity may not run at all, or not without stake, and running out of gas. */
export function opcodeFindings(
  { frame, entity }: EntityFrame,
  { staked }: Pick<Scene, 'staked'>,
): Finding[] {
  const found: Finding[] = []
  for (const opcode of frame.opcodes.keys()) {
    const name = opcodeName(opcode)
    const deed = `uses banned opcode: ${name}`
    const values = { opcode: name }
    if (banned.has(opcode)) found.push({ rule: 'OP-011', deed, values })
    // [OP-012] Sources count only a GAS that no call follows at once.
    else if (opcode === op.gas) found.push({ rule: 'OP-012', deed, values })
    else if (!isAssigned(opcode)) found.push({ rule: 'OP-013', deed, values })
    else if (ofStakedOnly.has(opcode) && !staked.has(entity)) {
      found.push({ rule: 'OP-080', deed, values, stakeOf: entity })
    }
  }
  // [OP-020] What is left of the gas would show in whether the call succeeded.
  if (frame.outOfGas) found.push({ rule: 'OP-020', deed: 'has a call that runs out of gas' })
  return found
}
