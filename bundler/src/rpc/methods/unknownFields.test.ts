import { entryPointAdapters } from '@fabstir/erc4337'
import { expect, test, vi } from 'vitest'
import { testAddress } from '../../testing/pooledOperation.ts'
import { ethMethods } from './eth.ts'
import { subscriptionMethods } from './subscriptions.ts'

const [entryPoint] = entryPointAdapters
if (!entryPoint) throw new Error('no EntryPoint')
const entryPoints = [entryPoint]
const never = vi.fn(() => Promise.reject(new Error('nothing is asked')))
const methods = {
  ...ethMethods({
    ...{ chainId: 1, entryPoints, admitUserOperation: never, estimateGas: never },
    ...{ findUserOperation: never, findReceipt: never },
  }),
  ...subscriptionMethods({ entryPoints }),
}
const subscriber = { subscribe: vi.fn(), unsubscribe: vi.fn() }
const caller = { boost: false, charge: () => undefined, subscriber }

const account = testAddress(1)
const operation = {
  ...{ sender: account, nonce: '0x0', callData: '0x', initCode: '0x', paymasterAndData: '0x' },
  signature: '0x',
}

test.each([
  {
    method: 'eth_estimateUserOperationGas',
    params: [{ ...operation, factory: account }, entryPoint.address],
    message: 'userOperation.factory is not a field of this EntryPoint version',
  },
  {
    method: 'eth_estimateUserOperationGas',
    params: [operation, entryPoint.address, { [account]: { storage: {} } }],
    message: `stateOverride.${account}.storage is not a field of a state override`,
  },
  {
    method: 'eth_subscribe',
    params: ['userOperations', { paymaster: account }],
    message: 'filter.paymaster is not a field of a filter',
  },
])('$method: $message', async ({ method, params, message }) => {
  const run = methods[method]?.(params, caller)
  await expect(run).rejects.toMatchObject({ code: -32602, message })
})
