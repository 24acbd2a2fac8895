import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { testAddress, testHash, testOperation } from '../../testing/pooledOperation.ts'
import { createDispatch } from '../dispatch.ts'
import type { ReputationView } from './debug.ts'
import { debugMethods } from './debug.ts'

const [, entryPoint07, entryPoint08] = entryPointAdapters
if (!entryPoint07 || !entryPoint08) throw new Error('there are four')

const entry: ReputationView = {
  address: testAddress(1),
  opsSeen: 20n,
  opsIncluded: 19n,
  status: 'throttled',
}
const deps = {
  entryPoints: [entryPoint07, entryPoint08],
  clearState: vi.fn(async () => undefined),
  clearMempool: vi.fn(async () => undefined),
  clearReputation: vi.fn(async () => undefined),
  pendingOperations: vi.fn(() => [testOperation()]),
  addOperations: vi.fn(async () => undefined),
  sendBundleNow: vi.fn(async (): Promise<Address | undefined> => undefined),
  setBundlingMode: vi.fn(),
  setBundleInterval: vi.fn(),
  setReputation: vi.fn(async () => undefined),
  reputation: vi.fn(() => [entry]),
  stakeOf: vi.fn(async () => ({ stake: 10n ** 18n, unstakeDelaySec: 2n, isStaked: true })),
  configure: vi.fn(),
}
const dispatch = createDispatch(debugMethods(deps))
const call = (method: string, ...params: unknown[]) =>
  dispatch(`debug_bundler_${method}`, params, { boost: false, charge: () => undefined })
const operation = entryPoint08.toRpc(testOperation())

beforeEach(() => vi.clearAllMocks())

describe('debug_bundler_*', () => {
  test.each(['clearState', 'clearMempool', 'clearReputation'] as const)('%s', async (method) => {
    expect(await call(method)).toBe('ok')
    expect(deps[method]).toHaveBeenCalledTimes(1)
    await expect(call(method, 1)).rejects.toMatchObject({ code: -32602 })
  })

  test('sendBundleNow answers the transaction, and ok when there is nothing to send', async () => {
    expect(await call('sendBundleNow')).toBe('ok')
    deps.sendBundleNow.mockResolvedValueOnce(testHash(5))
    expect(await call('sendBundleNow')).toBe(testHash(5))
  })

  test('dumpMempool answers operations as they are sent', async () => {
    expect(await call('dumpMempool', entryPoint08.address)).toEqual([operation])
    expect(deps.pendingOperations).toHaveBeenCalledWith(entryPoint08)
  })

  test('addUserOps takes all operations, of the preferred EntryPoint unless told', async () => {
    expect(await call('addUserOps', [operation, operation])).toBe('ok')
    expect(deps.addOperations).toHaveBeenCalledWith(
      [testOperation(), testOperation()],
      entryPoint07,
    )
    await call('addUserOps', [], entryPoint08.address)
    expect(deps.addOperations).toHaveBeenLastCalledWith([], entryPoint08)
    const wrong = [operation, { ...operation, nonce: 'x' }]
    await expect(call('addUserOps', wrong)).rejects.toMatchObject({ code: -32602 })
    expect(deps.addOperations).toHaveBeenCalledTimes(2)
  })

  test.each(['manual', 'auto'])('setBundlingMode %s', async (mode) => {
    expect(await call('setBundlingMode', mode)).toBe('ok')
    expect(deps.setBundlingMode).toHaveBeenCalledWith(mode)
  })

  test.each([
    { interval: 2, milliseconds: 2_000, mode: 'auto' },
    { interval: 0.25, milliseconds: 250, mode: 'auto' },
    { interval: 'auto', milliseconds: 0, mode: 'auto' },
  ])('setBundleInterval $interval: $milliseconds ms', async ({ interval, milliseconds, mode }) => {
    expect(await call('setBundleInterval', interval)).toBe('ok')
    expect(deps.setBundleInterval).toHaveBeenCalledWith(milliseconds)
    expect(deps.setBundlingMode).toHaveBeenCalledWith(mode)
  })

  test('setBundleInterval manual stops bundling and keeps the interval', async () => {
    await call('setBundleInterval', 'manual')
    expect(deps.setBundlingMode).toHaveBeenCalledWith('manual')
    expect(deps.setBundleInterval).not.toHaveBeenCalled()
  })

  test('setReputation takes hex and numbers, and what was dumped', async () => {
    const entries = [
      { address: testAddress(1), opsSeen: '0x14', opsIncluded: 13 },
      { address: testAddress(2), opsSeen: 0, opsIncluded: '0x0', status: '0x2' },
    ]
    expect(await call('setReputation', entries, entryPoint08.address)).toBe('ok')
    expect(deps.setReputation).toHaveBeenCalledWith(entryPoint08, [
      { address: testAddress(1), opsSeen: 20n, opsIncluded: 13n },
      { address: testAddress(2), opsSeen: 0n, opsIncluded: 0n },
    ])
  })

  test('dumpReputation answers counters and status as hex', async () => {
    expect(await call('dumpReputation', entryPoint07.address)).toEqual([
      { address: testAddress(1), opsSeen: '0x14', opsIncluded: '0x13', status: '0x1' },
    ])
    deps.reputation.mockReturnValueOnce([{ ...entry, status: 'banned' }])
    expect(await call('dumpReputation', entryPoint07.address)).toMatchObject([{ status: '0x2' }])
  })

  test('getStakeStatus answers decimal amounts', async () => {
    expect(await call('getStakeStatus', testAddress(1), entryPoint08.address)).toEqual({
      stakeInfo: { addr: testAddress(1), stake: '1000000000000000000', unstakeDelaySec: '2' },
      isStaked: true,
    })
    expect(deps.stakeOf).toHaveBeenCalledWith(testAddress(1), entryPoint08)
  })

  test('setConfiguration takes the bundle size that preVerificationGas counts on', async () => {
    expect(await call('setConfiguration', { expectedBundleSize: 5 })).toBe('ok')
    expect(deps.configure).toHaveBeenCalledWith({ expectedBundleSize: 5n })
  })

  const reputationOf = (fields: object) => [
    [{ address: testAddress(1), opsSeen: '0x1', opsIncluded: '0x1', ...fields }],
    entryPoint07.address,
  ]
  test.each([
    { method: 'setBundlingMode', params: ['fast'], field: 'mode' },
    { method: 'setBundlingMode', params: [], field: 'params' },
    { method: 'setBundleInterval', params: [-1], field: 'interval' },
    { method: 'setBundleInterval', params: ['often'], field: 'interval' },
    { method: 'setBundleInterval', params: [1, 2], field: 'params' },
    { method: 'dumpMempool', params: ['0x12'], field: 'entryPoint' },
    { method: 'dumpReputation', params: [], field: 'params' },
    { method: 'dumpReputation', params: [testAddress(9)], field: 'entryPoint' },
    { method: 'getStakeStatus', params: ['0x', entryPoint07.address], field: 'address' },
    { method: 'setReputation', params: [{}, entryPoint07.address], field: 'reputations' },
    {
      method: 'setReputation',
      params: reputationOf({ opsSeen: -1 }),
      field: 'reputations.0.opsSeen',
    },
    {
      method: 'setReputation',
      params: reputationOf({ opsSeen: 'many' }),
      field: 'reputations.0.opsSeen',
    },
    {
      method: 'setReputation',
      params: reputationOf({ address: '0x1' }),
      field: 'reputations.0.address',
    },
    { method: 'setReputation', params: reputationOf({ ops: 1 }), field: 'reputations.0.ops' },
    { method: 'addUserOps', params: [{}], field: 'userOps' },
    { method: 'addUserOps', params: [[], testAddress(9)], field: 'entryPoint' },
    {
      method: 'setConfiguration',
      params: [{ expectedBundleSize: 0 }],
      field: 'configuration.expectedBundleSize',
    },
    {
      method: 'setConfiguration',
      params: [{ zeroByteGasCost: 4 }],
      field: 'configuration.zeroByteGasCost',
    },
    { method: 'setConfiguration', params: [{}], field: 'configuration' },
    { method: 'setConfiguration', params: [7], field: 'configuration' },
  ])('$method with $params: -32602 for $field', async ({ method, params, field }) => {
    await expect(call(method, ...params)).rejects.toMatchObject({ code: -32602, data: { field } })
  })
})
