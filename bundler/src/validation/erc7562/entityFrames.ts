import type { Address } from 'viem'
import type { TraceFrame } from '../trace/trace.ts'
import type { EntityFrame, EntityKind, Scene } from './scene.ts'
import { lower } from './scene.ts'

/** `validatePaymasterUserOp` of EntryPoint 0.6, and since 0.7. */
const validatePaymasterUserOp = new Set(['0xf465c77e', '0x52b7512c'])

type Owner = EntityKind | 'entryPoint' | 'senderCreator'

/**
 * Frames by the entity whose validation they belong to. The EntryPoint enters account and paymaster
 * itself, and the factory through its SenderCreator; whatever these call is theirs. The EntryPoint's own
 * code is nobody's, whoever called it.
 */
export function entityFrames(
  frames: readonly TraceFrame[],
  scene: Pick<Scene, 'entryPoint' | 'entities'>,
): EntityFrame[] {
  const owners: Owner[] = []
  const children: TraceFrame[][] = frames.map(() => [])
  for (const frame of frames) {
    owners.push(ownerOf(frame, owners[frame.parent], scene))
    children[frame.parent]?.push(frame)
  }
  return frames.flatMap((frame, index) => {
    const entity = owners[index]
    if (!entity || entity === 'entryPoint' || entity === 'senderCreator') return []
    return [{ frame, entity, children: children[index] ?? [] }]
  })
}

function ownerOf(
  frame: TraceFrame,
  caller: Owner | undefined,
  { entryPoint, entities }: Pick<Scene, 'entryPoint' | 'entities'>,
): Owner {
  const address: Address = lower(frame.address)
  if (address === entryPoint) return 'entryPoint'
  // With EIP-7702 the SenderCreator initialises the sender, which is then no factory's work.
  if (caller === 'senderCreator') return address === entities.account ? 'account' : 'factory'
  if (caller !== 'entryPoint' || frame.parent !== 0) return caller ?? 'entryPoint'
  const paysOnly = address !== entities.account || validatePaymasterUserOp.has(frame.selector)
  if (address === entities.paymaster && paysOnly) return 'paymaster'
  return address === entities.account ? 'account' : 'senderCreator'
}
