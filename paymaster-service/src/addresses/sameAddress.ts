import type { Address } from 'viem'

/** Whether both are one address, in whatever case. They are addresses already: viem's comparison reads each one first. */
export function sameAddress(one: Address, other: Address): boolean {
  return one === other || one.toLowerCase() === other.toLowerCase()
}
