import { type Address, type Hex, hexToBigInt, isAddressEqual, slice, toEventSelector } from 'viem'
import {
  entryPoint06Address,
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
} from 'viem/account-abstraction'

const entryPoints = [
  entryPoint06Address,
  entryPoint07Address,
  entryPoint08Address,
  entryPoint09Address,
]
const beforeExecution = toEventSelector('BeforeExecution()')
const userOperationEvent = toEventSelector(
  'UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)',
)

/** What is read of a log. */
export type CallLog = { address: Address; topics: readonly Hex[]; data: Hex }

/** Part of a transaction's logs that is one User Operation's. */
export type LoggedOperation = { success: boolean; logs: readonly CallLog[] }

/**
 * The account's own operations in the logs of a transaction; `undefined` when there are no operations in them. A
 * wallet should leave the logs of others out (EIP-5792), but one that passes on the receipt of a whole bundle would
 * have the events of strangers taken for the account's. An EntryPoint closes the logs of each operation with its
 * `UserOperationEvent`.
 * @throws {SliceOffsetOutOfBoundsError} When that event is cut short.
 */
export function ownOperations(
  logs: readonly CallLog[],
  account: Address,
): readonly LoggedOperation[] | undefined {
  const operations: (LoggedOperation & { sender: Address })[] = []
  let open: CallLog[] = []
  for (const log of logs) {
    open.push(log)
    if (!entryPoints.some((entryPoint) => isAddressEqual(entryPoint, log.address))) continue
    const [event, , sender] = log.topics
    if (event === beforeExecution) open = []
    if (event !== userOperationEvent || !sender) continue
    // Its data is the nonce, whether the calls succeeded, and what they cost.
    const success = hexToBigInt(slice(log.data, 32, 64, { strict: true })) === 1n
    operations.push({ sender: slice(sender, 12), success, logs: open })
    open = []
  }
  if (operations.length === 0) return undefined
  return operations.filter(({ sender }) => isAddressEqual(sender, account))
}
