import { op } from '../opcodes.ts'
import { opcodeName } from './opcodes.ts'
import type { EntityFrame, Finding, Scene } from './scene.ts'
import { lower } from './scene.ts'

/**
 * CREATE and CREATE2, which deploy the sender once and otherwise belong to the sender of a new account or
 * to a staked factory.
 * @param frames All frames of entities, in order: the first CREATE2 of the sender is the one that is allowed.
 * @returns Findings by the frame they were made in.
 */
export function creationFindings(
  frames: readonly EntityFrame[],
  scene: Pick<Scene, 'entities' | 'staked'>,
): Map<EntityFrame, Finding[]> {
  const found = new Map<EntityFrame, Finding[]>()
  let deployed = false
  for (const entityFrame of frames) {
    const { frame, entity, children } = entityFrame
    const ranCreate = frame.opcodes.has(op.create)
    let create2 = frame.opcodes.get(op.create2) ?? 0
    if (!ranCreate && create2 === 0) continue

    // [OP-031] Once, in the deployment, of the sender: by the factory or by what it calls.
    const deploysSender = children.some(
      ({ type, address }) => type === 'CREATE2' && lower(address) === scene.entities.account,
    )
    if (entity === 'factory' && !deployed && deploysSender) {
      deployed = true
      create2 -= 1
    }
    const findings: Finding[] = []
    if (ranCreate) findings.push(...createFinding(entityFrame, scene))
    if (create2 > 0) findings.push(...create2Finding(entityFrame, scene))
    if (findings.length > 0) found.set(entityFrame, findings)
  }
  return found
}

function createFinding(at: EntityFrame, scene: Pick<Scene, 'entities' | 'staked'>): Finding[] {
  const { frame, entity } = at
  // [OP-032] The sender of an operation with a factory, staked or not; not by a utility contract.
  const bySender = lower(frame.address) === scene.entities.account
  if (bySender && scene.entities.factory && entity !== 'paymaster') return []
  // [EREP-061] A staked factory, and what it calls.
  if (entity === 'factory' && scene.staked.has('factory')) return []
  return [finding('OP-011', op.create, entity === 'factory')]
}

function create2Finding(at: EntityFrame, scene: Pick<Scene, 'entities' | 'staked'>): Finding[] {
  const { frame, entity } = at
  // [EREP-060] A staked factory or its sender, each itself.
  const creator = lower(frame.address)
  const direct = creator === scene.entities.account || creator === scene.entities.factory
  const forgivable = direct && entity !== 'paymaster' && scene.entities.factory !== undefined
  if (forgivable && scene.staked.has('factory')) return []
  return [finding('OP-031', op.create2, forgivable)]
}

function finding(rule: string, opcode: number, stakeHelps: boolean): Finding {
  const name = opcodeName(opcode)
  return {
    rule,
    deed: `uses banned opcode: ${name}`,
    values: { opcode: name },
    ...(stakeHelps && { stakeOf: 'factory' as const }),
  }
}
