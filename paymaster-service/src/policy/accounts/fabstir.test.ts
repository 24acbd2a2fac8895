import fc from 'fast-check'
import type { Address, Hex } from 'viem'
import {
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  getAddress,
  parseAbi,
  parseAbiParameters,
  zeroAddress,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { decodeCalls as decode } from './accountShape.ts'
import type { InnerCall } from './innerCall.ts'

const sender = '0x5e00000000000000000000000000000000000001'
const target = '0x7A00000000000000000000000000000000000002'
const batchMode: Hex = `0x01${'00'.repeat(31)}`
const accountAbi = parseAbi([
  'struct Operation { address target; uint256 value; bytes data; }',
  'function execute(bytes32 mode, bytes executionData)',
  'function executeBatch(Operation[] operations)',
  'function claimJobViaSessionKey(address wallet, uint256 jobId)',
  'function addSessionKey(address app, uint48 expiry)',
  'function executeUserOp(bytes op)',
])
const callsParameters = parseAbiParameters([
  'Call[] calls',
  'struct Call { address target; uint256 value; bytes data; }',
])

const decodeCalls = (account: Address, data: Hex) =>
  decode('fabstir', account, data, { multiSend: new Set() })
const encodeList = (calls: readonly InnerCall[]) => encodeAbiParameters(callsParameters, [calls])
const encodeExecute = (calls: readonly InnerCall[], mode = batchMode) =>
  encodeFunctionData({
    abi: accountAbi,
    functionName: 'execute',
    args: [mode, encodeList(calls)],
  })
const encodeBatch = (calls: readonly InnerCall[]) =>
  encodeFunctionData({ abi: accountAbi, functionName: 'executeBatch', args: [calls] })

const bytes = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((value): Hex => `0x${Buffer.from(value).toString('hex')}`)
const address = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((value): Address => getAddress(`0x${Buffer.from(value).toString('hex')}`))
  .filter((value) => value !== zeroAddress)
const call = fc.record({
  target: address,
  value: fc.bigInt(0n, 2n ** 256n - 1n),
  data: bytes(200),
})
const calls = fc.array(call, { maxLength: 6 })

describe('decodeCalls', () => {
  test('it reads back every batch in both forms', () => {
    fc.assert(
      fc.property(calls, (batch) => {
        expect(decodeCalls(sender, encodeExecute(batch))).toEqual(batch)
        expect(decodeCalls(sender, encodeBatch(batch))).toEqual(batch)
      }),
    )
  })

  test('it never reads other bytes as something that does not encode to them', () => {
    const mutation = fc.record({
      batch: calls,
      position: fc.nat(),
      byte: fc.integer({ min: 0, max: 255 }),
    })
    fc.assert(
      fc.property(mutation, ({ batch, position, byte }) => {
        const data = encodeExecute(batch)
        const index = 2 + 2 * (position % ((data.length - 2) / 2))
        const changed: Hex = `0x${data.slice(2, index)}${byte.toString(16).padStart(2, '0')}${data.slice(index + 2)}`
        const decoded = decodeCalls(sender, changed)
        // The account itself stands for a zero target, so that one is put back before encoding.
        if (decoded) {
          const asEncoded = decoded.map((inner) =>
            inner.target === sender ? { ...inner, target: zeroAddress } : inner,
          )
          expect([encodeExecute(decoded), encodeExecute(asEncoded)]).toContain(changed)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('it refuses garbage', () => {
    fc.assert(
      fc.property(bytes(400), (data) => {
        expect(decodeCalls(sender, data)).toEqual(data === '0x' ? [] : undefined)
      }),
    )
  })

  const one = [{ target, value: 5n, data: '0xd505accf' }] as const
  test.each<{ name: string; data: Hex }>([
    { name: 'opData mode', data: encodeExecute(one, `0x01000000000078210001${'00'.repeat(22)}`) },
    { name: 'try mode', data: encodeExecute(one, `0x0101${'00'.repeat(30)}`) },
    { name: 'delegatecall mode', data: encodeExecute(one, `0xff${'00'.repeat(31)}`) },
    { name: 'single-call mode', data: encodeExecute(one, `0x${'00'.repeat(32)}`) },
    { name: 'bytes after the end', data: concat([encodeExecute(one), '0x00']) },
    { name: 'a missing last byte', data: encodeExecute(one).slice(0, -2) as Hex },
    { name: '65 calls', data: encodeBatch(Array.from({ length: 65 }, () => one[0])) },
    {
      name: 'executeUserOp',
      data: encodeFunctionData({
        abi: accountAbi,
        functionName: 'executeUserOp',
        args: [encodeExecute(one)],
      }),
    },
    {
      name: 'addSessionKey outside of a batch',
      data: encodeFunctionData({
        abi: accountAbi,
        functionName: 'addSessionKey',
        args: [target, 1],
      }),
    },
    { name: 'three bytes', data: '0x010203' },
  ])('it does not understand $name', ({ data }) => {
    expect(decodeCalls(sender, data)).toBeUndefined()
  })

  test('a pointer bomb is refused at once: 4,000 calls that share 200 kB of data', () => {
    const word = (value: number) => value.toString(16).padStart(64, '0')
    const [count, length] = [4_000, 200_000]
    const pointers = word(32 * count).repeat(count)
    const shared = [0x1234, 0, 96, length].map(word).join('') + '11'.repeat(length)
    const selector = encodeBatch([]).slice(0, 10)
    const list = `${word(32)}${word(count)}${pointers}${shared}`
    const fewer = `${word(32)}${word(60)}${word(32 * 60).repeat(60)}${shared}`
    const begin = performance.now()
    expect(decodeCalls(sender, `${selector}${list}` as Hex)).toBeUndefined()
    expect(decodeCalls(sender, `${selector}${fewer}` as Hex)).toBeUndefined()
    // Reading each call for itself took minutes and gigabytes.
    expect(performance.now() - begin).toBeLessThan(200)
  })

  test('it refuses bytes that the account would mask or skip', () => {
    const canonical = encodeBatch([{ target, value: 5n, data: '0xaabbcc' }])
    const words: string[] = canonical.slice(10).match(/.{64}/g) ?? []
    const [, , , targetWord = '', , , , dataWord = ''] = words
    const withWord = (index: number, word: string): Hex =>
      `0x${canonical.slice(2, 10)}${words.with(index, word).join('')}`
    expect(decodeCalls(sender, withWord(3, targetWord))).toHaveLength(1)
    expect(decodeCalls(sender, withWord(3, `1${targetWord.slice(1)}`))).toBeUndefined()
    expect(decodeCalls(sender, withWord(7, `${dataWord.slice(0, -1)}1`))).toBeUndefined()
    for (const [index, offset] of [
      [0, 64],
      [2, 64],
      [5, 128],
    ] as const) {
      const moved = offset.toString(16).padStart(64, '0')
      expect(decodeCalls(sender, withWord(index, moved))).toBeUndefined()
    }
  })

  test('64 calls are the most', () => {
    expect(decodeCalls(sender, encodeBatch(Array.from({ length: 64 }, () => one[0])))).toHaveLength(
      64,
    )
  })

  test('a zero target is the account itself', () => {
    expect(decodeCalls(sender, encodeExecute([{ ...one[0], target: zeroAddress }]))).toEqual([
      { ...one[0], target: sender },
    ])
  })

  test('claimJobViaSessionKey is one call to the account', () => {
    const data = encodeFunctionData({
      abi: accountAbi,
      functionName: 'claimJobViaSessionKey',
      args: [sender, 7n],
    })
    expect(decodeCalls(sender, data)).toEqual([{ target: sender, value: 0n, data }])
  })
})
