import { describe, expect, test } from 'vitest'
import { testAddress, testHash, testOperation } from '../../testing/pooledOperation.ts'
import { entryPoint07, entryPoint08, serveMethods, supported } from '../testing/testMethods.ts'

const { call, admitUserOperation } = serveMethods()

const wire07 = {
  sender: testAddress(1),
  nonce: '0x0',
  callData: '0x',
  callGasLimit: '0x1',
  verificationGasLimit: '0x1',
  preVerificationGas: '0x1',
  maxFeePerGas: '0x1',
  maxPriorityFeePerGas: '0x1',
  signature: '0x',
}

describe('eth_sendUserOperation', () => {
  test('the operation reaches admission in its normalised shape', async () => {
    const params = [wire07, entryPoint07.address.toLowerCase()]
    expect(await call('eth_sendUserOperation', params)).toMatchObject({ result: testHash(1) })
    expect(admitUserOperation).toHaveBeenCalledWith(
      testOperation({
        callGasLimit: 1n,
        verificationGasLimit: 1n,
        preVerificationGas: 1n,
        maxFeePerGas: 1n,
        maxPriorityFeePerGas: 1n,
      }),
      entryPoint07,
    )
  })

  test('an EntryPoint that is not served is answered with those that are', async () => {
    const { error } = await call('eth_sendUserOperation', [wire07, entryPoint08.address])
    expect(error).toMatchObject({
      code: -32602,
      data: { field: 'entryPoint', supported: supported.map(({ address }) => address) },
    })
  })

  test.each([
    { name: 'no parameters', params: [] },
    { name: 'one parameter', params: [wire07] },
    { name: 'three parameters', params: [wire07, entryPoint07.address, {}] },
    { name: 'an EntryPoint that is no address', params: [wire07, '0x12'] },
    { name: 'a string for the operation', params: ['0x', entryPoint07.address] },
    { name: 'null for the operation', params: [null, entryPoint07.address] },
  ])('$name: -32602 and nothing admitted', async ({ params }) => {
    expect((await call('eth_sendUserOperation', params)).error.code).toBe(-32602)
    expect(admitUserOperation).not.toHaveBeenCalled()
  })
})

describe('eth_estimateUserOperationGas', () => {
  test('what is asked for may be absent', async () => {
    const { sender, nonce, callData } = wire07
    const params = [{ sender, nonce, callData }, entryPoint07.address]
    expect((await call('eth_estimateUserOperationGas', params)).result).toEqual({
      preVerificationGas: '0xc350',
      verificationGasLimit: '0x123',
      callGasLimit: '0x0',
    })
  })

  test('a state override is the third parameter, and a wrong one is named', async () => {
    const good = {
      [testAddress(1)]: { balance: '0x10', stateDiff: { [testHash(1)]: testHash(2) } },
    }
    const params = [wire07, entryPoint07.address]
    expect(await call('eth_estimateUserOperationGas', [...params, good])).toHaveProperty('result')
    const bad = { [testAddress(1)]: { balance: 'lots' } }
    const { error } = await call('eth_estimateUserOperationGas', [...params, bad])
    expect(error).toMatchObject({
      code: -32602,
      data: { field: `stateOverride.${testAddress(1)}.balance`, value: '"lots"' },
    })
  })
})

describe('lookups', () => {
  test.each(['eth_getUserOperationByHash', 'eth_getUserOperationReceipt'])(
    '%s: null for what is not known, -32602 for what is no hash',
    async (method) => {
      expect(await call(method, [testHash(9)])).toMatchObject({ result: null })
      for (const params of [[], ['0x12'], [7], [`${testHash(9)}0`], [testHash(9), 1]]) {
        expect((await call(method, params)).error.code).toBe(-32602)
      }
    },
  )

  test('prices and status have the shape that permissionless clients read', async () => {
    const price = { maxFeePerGas: '0x14', maxPriorityFeePerGas: '0x1' }
    expect(await call('pimlico_getUserOperationGasPrice')).toMatchObject({
      result: { slow: price, standard: price, fast: price },
    })
    expect(await call('pimlico_getUserOperationStatus', [testHash(9)])).toMatchObject({
      result: { status: 'not_found', transactionHash: null },
    })
  })
})
