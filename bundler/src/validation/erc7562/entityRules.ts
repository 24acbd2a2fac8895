import type { EntityKind, Scene, Violation } from './scene.ts'

/** [LIM-020] MAX_CONTEXT_SIZE, bytes. */
export const maxContextSize = 2048

/** Rules about entities as a whole, whatever their code does. */
export function entityViolations(
  { entities, staked, delegated }: Pick<Scene, 'entities' | 'staked' | 'delegated'>,
  /** Bytes that the paymaster wants to see again in `postOp`. */
  contextSize: number,
): Violation[] {
  const found: Violation[] = []
  for (const entity of ['factory', 'paymaster'] as const satisfies EntityKind[]) {
    const address = entities[entity]
    // [AUTH-020] Its owner could replace its code with one signature.
    if (address && delegated.has(address)) {
      found.push({
        rule: 'AUTH-020',
        entity,
        address,
        deed: 'is an EIP-7702 account, which may be a sender only',
      })
    }
  }
  const { paymaster } = entities
  if (!paymaster || contextSize === 0) return found
  const values = { contextSize }
  if (!staked.has('paymaster')) {
    found.push({
      rule: 'EREP-050',
      entity: 'paymaster',
      address: paymaster,
      deed: 'returns a context without a stake',
      stakeOf: 'paymaster',
      values,
    })
  }
  if (contextSize > maxContextSize) {
    found.push({
      rule: 'LIM-020',
      entity: 'paymaster',
      address: paymaster,
      deed: `returns a context of ${contextSize} bytes, more than ${maxContextSize}`,
      values: { contextSize, max: maxContextSize },
    })
  }
  return found
}
