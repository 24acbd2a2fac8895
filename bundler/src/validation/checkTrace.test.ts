import type { ValidationData } from '@fabstir/erc4337'
import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { testAddress, testOperation } from '../testing/pooledOperation.ts'
import { checkTrace } from './checkTrace.ts'
import { lower } from './erc7562/scene.ts'
import type { TraceFrame } from './trace/trace.ts'

const account = testAddress(1)
const paymaster = testAddress(2)
const range: ValidationData = {
  ...{ unit: 'seconds', signatureFailed: false, aggregator: undefined },
  ...{ validAfter: 0, validUntil: 0 },
}
const none = { stake: 0n, unstakeDelaySec: 0n }
const storage = { reads: [], writes: [], transientReads: [], transientWrites: [] }

const frame = (parent: number, from: Address, address: Address): TraceFrame => ({
  parent,
  type: 'CALL',
  from,
  address,
  codeAddress: address,
  selector: '0x12345678',
  value: 0n,
  opcodes: new Map(),
  storage,
  touched: [],
  outOfGas: false,
  output: '0x',
  reverted: false,
})
const root = frame(-1, zeroAddress, defaultEntryPoint.address)
const entered = (address: Address) => frame(0, defaultEntryPoint.address, address)

function check(frames: readonly TraceFrame[], sponsored: boolean) {
  const code = { codeHash: '0x01', isDelegation: false } as const
  const sponsor = { paymaster, paymasterVerificationGasLimit: 1n, paymasterPostOpGasLimit: 0n }
  return checkTrace(
    {
      op: testOperation({ sender: account, ...(sponsored && sponsor) }),
      entryPoint: defaultEntryPoint,
      trace: { frames, preimages: [], slotValues: [], result: { ok: true, data: '0x' } },
      simulated: {
        ...{ preOpGas: 60_000n, prefund: 0n, account: range, paymaster: range },
        ...{ senderStake: none, factoryStake: none, paymasterStake: none, paymasterContext: '0x' },
      },
      codes: new Map([account, paymaster].map((address) => [lower(address), code])),
    },
    {
      stakePolicy: { minStake: 1n, minUnstakeDelay: 1n },
      cache: { get: () => undefined, learn: () => code },
      reader: { call: () => Promise.reject(new Error('nothing is left to ask')) },
    },
  )
}

describe('a trace in which an entity does not run proves nothing', () => {
  test.each([
    { name: 'account', frames: [root], sponsored: false },
    { name: 'account', frames: [root, entered(paymaster)], sponsored: true },
    { name: 'paymaster', frames: [root, entered(account)], sponsored: true },
  ])('the $name is missing, with a paymaster: $sponsored', async ({ name, frames, sponsored }) => {
    await expect(check(frames, sponsored)).rejects.toMatchObject({
      code: -32000,
      data: { reason: 'malformedTrace', entity: name },
    })
  })

  test('with all of them the rules are held against it', async () => {
    const { record } = await check([root, entered(account), entered(paymaster)], true)
    expect(record.staked).toEqual([])
  })
})
