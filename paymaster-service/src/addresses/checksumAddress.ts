import { BoundedMap } from '@fabstir/service/collections'
import type { Address } from 'viem'
import { getAddress } from 'viem'

/** Some 2 MB. */
const maxKnown = 10_000
const known = new BoundedMap<string, Address>(maxKnown)

/**
 * An address with its checksum, which takes a hash: EntryPoints, senders and targets come again and again.
 * @throws InvalidAddressError
 */
export function checksumAddress(address: string): Address {
  const before = known.get(address)
  if (before) return before
  const made = getAddress(address)
  known.set(address, made)
  return made
}
