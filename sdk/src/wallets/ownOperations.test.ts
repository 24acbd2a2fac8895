import {
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  pad,
  parseAbi,
  SliceOffsetOutOfBoundsError,
  zeroAddress,
  zeroHash,
} from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import { describe, expect, test } from 'vitest'
import { type CallLog, ownOperations } from './ownOperations.ts'

const [me, stranger] = [
  '0x1100000000000000000000000000000000000011',
  '0x2200000000000000000000000000000000000022',
] as const
const abi = parseAbi([
  'event BeforeExecution()',
  'event UserOperationEvent(bytes32 indexed userOpHash, address indexed sender, address indexed paymaster, uint256 nonce, bool success, uint256 actualGasCost, uint256 actualGasUsed)',
])
const words = [
  { type: 'uint256' },
  { type: 'bool' },
  { type: 'uint256' },
  { type: 'uint256' },
] as const

const before: CallLog = {
  address: entryPoint08Address,
  topics: encodeEventTopics({ abi, eventName: 'BeforeExecution' }) as Hex[],
  data: '0x',
}
const closing = (
  sender: typeof me | typeof stranger,
  success = true,
  address: Hex = entryPoint08Address,
): CallLog => ({
  address,
  topics: encodeEventTopics({
    abi,
    eventName: 'UserOperationEvent',
    args: { userOpHash: zeroHash, sender, paymaster: zeroAddress },
  }) as Hex[],
  data: encodeAbiParameters(words, [0n, success, 1n, 1n]),
})
const event = (name: number): CallLog => ({
  address: stranger,
  topics: [pad(`0x${name}`)],
  data: '0x',
})

describe('the operations of an account in the logs of a bundle', () => {
  test('are told from those of others, and from what came before execution', () => {
    const end = closing(me)
    const logs = [
      event(1),
      before,
      event(2),
      closing(stranger),
      event(3),
      end,
      event(4),
      closing(stranger),
    ]
    expect(ownOperations(logs, me)).toEqual([{ sender: me, success: true, logs: [event(3), end] }])
  })

  test('say whether their calls succeeded', () => {
    const logs = [before, event(1), closing(me, false), event(2), closing(me)]
    expect(ownOperations(logs, me)?.map(({ success }) => success)).toEqual([false, true])
  })

  test('are none where the bundle is of others only', () => {
    expect(ownOperations([before, event(1), closing(stranger)], me)).toEqual([])
  })

  test('are not there in an ordinary transaction', () => {
    expect(ownOperations([event(1), event(2)], me)).toBeUndefined()
  })

  test.each(['0x', `0x${'00'.repeat(40)}`] as const)(
    'whose end is cut short (%s) are nothing to judge by',
    (data) => {
      const logs = [before, event(1), { ...closing(me), data }]
      expect(() => ownOperations(logs, me)).toThrow(SliceOffsetOutOfBoundsError)
    },
  )

  test('end where an EntryPoint says so, and not where a contract claims it', () => {
    const forged = closing(me, true, stranger)
    const logs = [before, event(1), forged, event(2), closing(stranger)]
    expect(ownOperations(logs, me)).toEqual([])
    expect(ownOperations([event(1), forged], me)).toBeUndefined()
  })
})
