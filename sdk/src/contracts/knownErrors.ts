import { type Hex, keccak256, slice, stringToHex } from 'viem'
import { commonErrors } from './generated/commonErrors.ts'

/**
 * Errors whose selectors are not known yet: hashing them takes longer than loading the package. A line has the types of
 * their values, and behind them the names of all errors with these.
 */
const unread = [commonErrors]
const bySelector = new Map<string, string>()

/**
 * Lets the errors of more contracts be decoded. Those that any action can meet are known; those of governance, staking
 * and subscriptions come with their actions, so that nobody else loads them (decision 84).
 */
export function knowErrors(errors: string): void {
  unread.push(errors)
}

/** Signature of the custom error in revert data, like `JobNotFound(uint256)`. */
export function findErrorSignature(data: Hex): string | undefined {
  for (const line of unread.splice(0).join('').split('\n')) {
    const [types, ...names] = line.split(' ')
    for (const name of names) {
      const signature = `${name}(${types})`
      bySelector.set(slice(keccak256(stringToHex(signature)), 0, 4), signature)
    }
  }
  return bySelector.get(data.slice(0, 10).toLowerCase())
}
