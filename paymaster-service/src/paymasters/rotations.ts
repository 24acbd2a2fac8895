import type { Address } from 'viem'
import { isAddressEqual } from 'viem'

/** A paymaster that another one took the place of. */
export type Rotation = { paymaster: Address; successor: Address }

/** The paymaster that signs for an EntryPoint: the configured one, or the last that took its place. */
export function activePaymaster(configured: Address, rotations: readonly Rotation[]): Address {
  let active = configured
  // Each rotation leads on once: whoever rotates back takes out the way from there.
  for (const _ of rotations) {
    const next = rotations.find(({ paymaster }) => isAddressEqual(paymaster, active))
    if (!next) break
    active = next.successor
  }
  return active
}

/** Every paymaster that ever signed, the configured one first. What they promised is still to be followed. */
export function everyPaymaster(
  configured: Address,
  rotations: readonly Rotation[],
): readonly Address[] {
  const all = [
    configured,
    ...rotations.flatMap(({ paymaster, successor }) => [paymaster, successor]),
  ]
  return all.filter(
    (address, index) => all.findIndex((other) => isAddressEqual(other, address)) === index,
  )
}
