import fc from 'fast-check'
import type { Address, Hex } from 'viem'
import { concat, encodeAbiParameters, getAddress, parseAbiParameters, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import type { AccountEncoding } from '../../testing/accountEncodings.ts'
import {
  accountEncodings,
  encodeBatch,
  encodeList,
  encodeMode,
  encodeMultiSend,
  encodeSafe,
  modeOf,
  packTransaction,
  testMultiSend,
} from '../../testing/accountEncodings.ts'
import type { AccountShape } from './accountShape.ts'
import { accountShapes, decodeCalls } from './accountShape.ts'
import type { InnerCall } from './innerCall.ts'

const account = '0x5e00000000000000000000000000000000000001'
const target = '0x7A00000000000000000000000000000000000002'
const settings = { multiSend: new Set([testMultiSend.toLowerCase()]) }
const decode = (shape: AccountShape, data: Hex) => decodeCalls(shape, account, data, settings)

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((value): Hex => `0x${Buffer.from(value).toString('hex')}`)
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((value): Address => getAddress(`0x${Buffer.from(value).toString('hex')}`))
  .filter((value) => value !== zeroAddress)
const callsOf = ({ most, values }: AccountEncoding): fc.Arbitrary<InnerCall[]> =>
  fc.array(
    fc.record({
      target: address,
      value: values ? fc.bigInt(0n, 2n ** 256n - 1n) : fc.constant(0n),
      data: bytes(100),
    }),
    { minLength: most === 1 ? 1 : 0, maxLength: most },
  )
/** Positions near the beginning, where modes, offsets and lengths are, come often. */
const position = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.nat())
const mutate = (data: Hex, at: number, byte: number): Hex => {
  const index = 2 + 2 * (at % ((data.length - 2) / 2))
  return `0x${data.slice(2, index)}${byte.toString(16).padStart(2, '0')}${data.slice(index + 2)}`
}

describe.each(accountEncodings.map((encoding) => ({ encoding, ...encoding })))(
  '$shape: $name',
  ({ encoding, shape }) => {
    const all = accountEncodings.filter((other) => other.shape === shape)
    /** ERC-7821 says a zero target for the account. */
    const isReadAs = (calls: readonly InnerCall[], data: Hex) => {
      const withZero = calls.map((call) =>
        call.target === account ? { ...call, target: zeroAddress } : call,
      )
      return all.some(
        (other) =>
          other.most >= calls.length &&
          (calls.length > 0 || other.most > 1) &&
          [calls, withZero].some((each) => other.encode(each) === data),
      )
    }

    test('it reads back what viem encodes', () => {
      fc.assert(
        fc.property(callsOf(encoding), (calls) => {
          expect(decode(shape, encoding.encode(calls))).toEqual(calls)
        }),
        { numRuns: 60 },
      )
    })

    test('it reads changed bytes as what encodes to them, or not at all', () => {
      const values = fc.constantFrom(0, 1, 2, 0x20, 0x40, 0x60, 0x7f, 0x80, 0xff)
      const byte = fc.oneof(values, fc.integer({ min: 0, max: 255 }))
      fc.assert(
        fc.property(callsOf(encoding), position, byte, (calls, at, value) => {
          const changed = mutate(encoding.encode(calls), at, value)
          const decoded = decode(shape, changed)
          if (decoded) expect(isReadAs(decoded, changed)).toBe(true)
        }),
        { numRuns: 300 },
      )
    })

    test('it reads nothing with bytes after the end, or without the last one', () => {
      fc.assert(
        fc.property(callsOf(encoding), (calls) => {
          const data = encoding.encode(calls)
          const shorter: Hex = `0x${data.slice(2, -2)}`
          for (const changed of [concat([data, '0x00']), concat([data, '0xff']), shorter]) {
            const decoded = decode(shape, changed)
            // A packed call ends where the data ends, so that its padding tells of nothing.
            if (decoded) expect(isReadAs(decoded, changed)).toBe(true)
          }
        }),
        { numRuns: 40 },
      )
    })

    test('65 calls are too many', () => {
      const call = { target, value: 0n, data: '0x' } as const
      if (encoding.most > 1)
        expect(decode(shape, encoding.encode(Array(65).fill(call)))).toBeUndefined()
    })
  },
)

test('every shape is among the encodings', () => {
  expect(new Set(accountEncodings.map(({ shape }) => shape))).toEqual(new Set(accountShapes))
})

const call: InnerCall = { target, value: 5n, data: '0xaabbccdd' }
const operation = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`

describe('it does not read', () => {
  test.each<{ name: string; shape: AccountShape; data: Hex }>([
    {
      name: 'a delegatecall',
      shape: 'kernel-3',
      data: encodeMode(modeOf('ff00'), encodeList([call])),
    },
    {
      name: 'a delegatecall',
      shape: 'erc7579',
      data: encodeMode(modeOf('ff00'), encodeList([call])),
    },
    {
      name: 'a static call',
      shape: 'kernel-3',
      data: encodeMode(modeOf('fe00'), encodeList([call])),
    },
    {
      name: 'an unknown execution type',
      shape: 'kernel-3',
      data: encodeMode(modeOf('0102'), encodeList([call])),
    },
    {
      name: 'a mode with a selector',
      shape: 'erc7579',
      data: encodeMode(modeOf('01000000000078210001'), encodeList([call])),
    },
    {
      name: 'a mode with a payload',
      shape: 'kernel-3',
      data: encodeMode(`0x01${'00'.repeat(30)}01`, encodeList([call])),
    },
    {
      name: 'a single call that is too short',
      shape: 'kernel-3',
      data: encodeMode(modeOf('00'), `0x${'11'.repeat(51)}`),
    },
    {
      name: 'a batch behind executeUserOp, where hooks run',
      shape: 'kernel-3',
      data: concat(['0x8dd7712f', encodeMode(modeOf('0100'), encodeList([call]))]),
    },
    {
      name: 'executeUserOp in executeUserOp',
      shape: 'fabstir',
      data: concat(['0x8dd7712f', '0x8dd7712f', encodeBatch([call])]),
    },
    {
      name: 'opData',
      shape: 'erc7821',
      data: encodeMode(
        modeOf('01000000000078210001'),
        encodeAbiParameters(
          parseAbiParameters([
            'Call[] calls, bytes opData',
            'struct Call { address target; uint256 value; bytes data; }',
          ]),
          [[call], '0x01'],
        ),
      ),
    },
    {
      name: 'batches of batches with more than 64 calls together',
      shape: 'erc7821',
      data: encodeMode(
        modeOf('01000000000078210002'),
        encodeAbiParameters(
          [{ type: 'bytes[]' }],
          [Array<Hex>(2).fill(encodeList(Array<InnerCall>(33).fill(call)))],
        ),
      ),
    },
    {
      name: 'a batch with bits that ERC-7821 leaves unused',
      shape: 'erc7821',
      data: encodeMode(modeOf('0100000001'), encodeList([call])),
    },
    { name: 'a delegatecall to anything', shape: 'safe-4337', data: encodeSafe(call, 1) },
    { name: 'operation 2', shape: 'safe-4337', data: encodeSafe(call, 2) },
    {
      name: 'a MultiSend that is not listed',
      shape: 'safe-4337',
      data: encodeMultiSend([packTransaction(call)], target),
    },
    {
      name: 'a delegatecall within a MultiSend',
      shape: 'safe-4337',
      data: encodeMultiSend([packTransaction(call), packTransaction(call, 1)]),
    },
    {
      name: 'a MultiSend transaction cut short',
      shape: 'safe-4337',
      data: encodeMultiSend([`0x${packTransaction(call).slice(2, -2)}`]),
    },
    {
      name: 'a MultiSend transaction that is longer than all of them',
      shape: 'safe-4337',
      data: encodeMultiSend([concat(['0x00', target, operation(0n), operation(2n ** 255n)])]),
    },
    {
      name: 'a MultiSend transaction to zero, which newer ones send to the Safe',
      shape: 'safe-4337',
      data: encodeMultiSend([packTransaction({ ...call, target: zeroAddress })]),
    },
    {
      name: 'another function of the MultiSend',
      shape: 'safe-4337',
      data: encodeSafe({ target: testMultiSend, value: 0n, data: '0xaabbccdd' }, 1),
    },
    {
      name: 'a MultiSend with ETH, which a delegatecall does not take',
      shape: 'safe-4337',
      data: encodeSafe({ target: testMultiSend, value: 1n, data: '0x8d80ff0a' }, 1),
    },
    { name: 'executeWithoutChainIdValidation', shape: 'coinbase', data: '0x2c2abd1e' },
    { name: 'the batch of another version', shape: 'simple-0.7', data: encodeBatch([call]) },
    { name: 'a selector cut short', shape: 'simple-0.8', data: '0xb61d27' },
  ])('$name: $shape', ({ shape, data }) => {
    expect(decode(shape, data)).toBeUndefined()
  })

  test.each([...accountShapes])('garbage: %s', (shape) => {
    fc.assert(
      fc.property(bytes(300), (data) => {
        expect(decode(shape, data)).toEqual(data === '0x' ? [] : undefined)
      }),
      { numRuns: 50 },
    )
  })
})

test('lists of unequal lengths are not read', () => {
  const word = (value: number) => value.toString(16).padStart(64, '0')
  const targets = [word(1), target.slice(2).padStart(64, '0')]
  // Two targets' worth of data, one target.
  const twoData = [word(2), word(64), word(96), word(0), word(0)]
  const head06 = [word(64), word(64 + 64)]
  const data06 = `0x18dfb3c7${[...head06, ...targets, ...twoData].join('')}` as Hex
  expect(decode('simple-0.6', data06)).toBeUndefined()
  const oneData = [word(1), word(32), word(0)]
  const head07 = (values: number) => [word(96), word(160), word(160 + 32 * (1 + values))]
  const data07 = (values: number[]) =>
    `0x47e1da2a${[...head07(values.length), ...targets, word(values.length), ...values.map(word), ...oneData].join('')}` as Hex
  expect(decode('simple-0.7', data07([1, 2]))).toBeUndefined()
  expect(decode('simple-0.7', data07([7]))).toEqual([{ target, value: 7n, data: '0x' }])
  // SimpleAccount 0.7 takes no values for zeros.
  expect(decode('simple-0.7', data07([]))).toEqual([{ target, value: 0n, data: '0x' }])
})
