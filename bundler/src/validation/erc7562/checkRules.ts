import type { ValidationTrace } from '../trace/trace.ts'
import { accessFindings } from './accessRules.ts'
import { associatedStorage } from './associatedStorage.ts'
import { creationFindings } from './creationRules.ts'
import { entityFrames } from './entityFrames.ts'
import { entityViolations } from './entityRules.ts'
import { opcodeFindings } from './opcodeRules.ts'
import type { EntityKind, Scene, Violation } from './scene.ts'
import { lower } from './scene.ts'
import { storageFindings } from './storageRules.ts'

/**
 * Rules of ERC-7562 that the validation of one operation breaks, in the order of its frames. Empty for a
 * legal operation.
 * @param contextSize Bytes of the paymaster's context.
 */
export function erc7562Violations(
  { frames, preimages }: Pick<ValidationTrace, 'frames' | 'preimages'>,
  scene: Scene,
  contextSize = 0,
): Violation[] {
  const { account, factory, paymaster } = scene.entities
  const known = [account, factory, paymaster].filter((address) => address !== undefined)
  const associated = associatedStorage(preimages, known)
  const ofEntities = entityFrames(frames, scene)
  // An operation that names a factory which does not run (EntryPoint 0.9 with an account that exists) has none.
  const entities = { ...scene.entities }
  if (ofEntities.every(({ entity }) => entity !== 'factory')) delete entities.factory
  const current: Scene = { ...scene, entities }
  const creations = creationFindings(ofEntities, current)

  const inFrames = ofEntities.flatMap((at) =>
    [
      ...opcodeFindings(at, current),
      ...(creations.get(at) ?? []),
      ...accessFindings(at, current, associated),
      ...storageFindings(at, current, associated),
    ].map((finding) => ({ ...finding, entity: at.entity, address: lower(at.frame.address) })),
  )
  return [...inFrames, ...entityViolations(current, contextSize)]
}

/** Entities that have a validation frame at all: a check of nothing would find nothing. */
export function tracedEntities(
  frames: ValidationTrace['frames'],
  scene: Pick<Scene, 'entryPoint' | 'entities'>,
): Set<EntityKind> {
  return new Set(entityFrames(frames, scene).map(({ entity }) => entity))
}
