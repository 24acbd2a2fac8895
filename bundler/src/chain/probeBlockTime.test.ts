import { numberToHex } from 'viem'
import { expect, test } from 'vitest'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'
import { takesBlockTime } from './probeBlockTime.ts'
import type { CallParameters, CallResult } from './reader.ts'
import { ChainError } from './reader.ts'

const word = (value: bigint): CallResult => ({ ok: true, data: numberToHex(value, { size: 32 }) })
const answering = (call: (parameters: CallParameters) => CallResult) => ({
  call: async (parameters: CallParameters) => call(parameters),
})

test.each([
  ['runs calls at the time that it is told', ({ time = 0n }) => word(time), true],
  ['ignores what it is told', () => word(1_700_000_000n), false],
  ['applies no state overrides either', () => ({ ok: true, data: '0x' }), false],
  ['reverts', () => ({ ok: false, data: '0x', message: 'reverted' }), false],
  [
    'does not know the parameter',
    () => {
      throw new ChainError('eth_call', -32602, 'too many arguments, want at most 3')
    },
    false,
  ],
] as [string, (parameters: CallParameters) => CallResult, boolean][])(
  'of a node that %s',
  async (_, call, takes) => {
    expect(await takesBlockTime(answering(call))).toBe(takes)
  },
)

test('a node that does not answer is not taken for one that cannot', async () => {
  const gone = new RpcError(rpcErrorCode.nodeUnavailable, 'the node did not answer')
  const busy = new ChainError('eth_call', -32005, 'rate limit exceeded')
  for (const error of [gone, busy])
    await expect(takesBlockTime({ call: () => Promise.reject(error) })).rejects.toBe(error)
})
