import { defaultEntryPoint } from '@fabstir/erc4337'
import type { Hex } from 'viem'
import { encodeFunctionData, parseAbi, size, slice } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test, vi } from 'vitest'
import { cancellationDigest } from '../cancellation/cancellation.ts'
import type { CallParameters, CallResult } from '../chain/reader.ts'
import { createMemoryStore } from '../store/memory/memoryStore.ts'
import { readyOperations, testMempool } from '../testing/pool.ts'
import { testAddress, testHash, testPooled } from '../testing/pooledOperation.ts'
import { RpcError } from '../types/rpcError.ts'
import { dropOperation } from './drop.ts'

const owner = privateKeyToAccount(generatePrivateKey())
const chainId = 31_337
const now = 1_000_000
const yes = `0x1626ba7e${'0'.repeat(56)}` as const
const no: CallResult = { ok: true, data: '0x' }

function pool(
  parts: {
    call?: (parameters: CallParameters) => Promise<CallResult>
    commit?: () => Promise<void>
    op?: Parameters<typeof testPooled>[1]
  } = {},
) {
  const mempool = testMempool()
  const operation = testPooled(1, { sender: owner.address, ...parts.op })
  mempool.restore(operation)
  const store = createMemoryStore()
  const call = vi.fn(parts.call ?? (async () => no))
  const onUpdates = vi.fn()
  const apply = vi.fn()
  const deps = {
    chainId,
    reader: { call },
    mempool,
    reputation: { apply },
    store: { commit: parts.commit ?? store.commit },
    now: () => now * 1_000,
    onUpdates,
  }
  const drop = (fields: { hash?: Hex; deadline?: bigint; signature?: Hex }) =>
    dropOperation(deps, {
      userOpHash: fields.hash ?? operation.hash,
      deadline: fields.deadline ?? BigInt(now + 60),
      signature: fields.signature ?? '0x',
    })
  return { drop, mempool, store, call, apply, onUpdates, operation }
}

function sign(
  message: { userOpHash?: Hex; deadline?: bigint } = {},
  where: { chainId?: number; entryPoint?: Hex } = {},
  signer = owner,
) {
  const hash = cancellationDigest(
    { userOpHash: testHash(1), deadline: BigInt(now + 60), ...message },
    { chainId, entryPoint: defaultEntryPoint.address, ...where },
  )
  return signer.sign({ hash })
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof RpcError) return { code: error.code, ...Object(error.data) }
      throw error
    },
  )

describe('dropOperation', () => {
  test('the key of the sender takes it back: gone from the pool, dropped in the journal, told', async () => {
    const { drop, mempool, store, operation, onUpdates, call } = pool()
    await store.commit([{ type: 'operationAdded', operation }])
    expect(await drop({ signature: await sign() })).toBe(true)
    expect(mempool.size()).toBe(0)
    expect(await store.findOperation(operation.hash)).toMatchObject({
      state: 'dropped',
      reason: { rule: 'droppedBySender' },
    })
    expect(onUpdates.mock.calls).toMatchObject([[[{ type: 'dropped', hash: operation.hash }]]])
    expect(call).not.toHaveBeenCalled()
  })

  test('its paymaster is as if it had not been seen: cancelling harms nobody', async () => {
    const { drop, apply } = pool({ op: { paymaster: testAddress(3) } })
    await drop({ signature: await sign() })
    expect(apply).toHaveBeenCalledWith(defaultEntryPoint.address, [
      { address: testAddress(3), effect: 'unseen' },
    ])
  })

  test('no bundle takes it while the journal is written, and only one drop goes on', async () => {
    const written = Promise.withResolvers<void>()
    const { drop, mempool, operation } = pool({ commit: () => written.promise })
    const signature = await sign()
    const dropping = drop({ signature })
    await vi.waitFor(() => expect(mempool.get(operation.hash)?.state).toBe('arriving'))
    expect(readyOperations(mempool, defaultEntryPoint.address)).toEqual([])
    expect(await failure(drop({ signature }))).toMatchObject({ rule: 'inFlight' })
    written.resolve()
    expect(await dropping).toBe(true)
  })

  test('it is EIP-712, as wallets sign it', async () => {
    const { drop } = pool()
    const signature = await owner.signTypedData({
      domain: {
        name: 'FabstirBundler',
        version: '1',
        chainId,
        verifyingContract: defaultEntryPoint.address,
      },
      types: {
        DropUserOperation: [
          { name: 'userOpHash', type: 'bytes32' },
          { name: 'deadline', type: 'uint256' },
        ],
      },
      primaryType: 'DropUserOperation',
      message: { userOpHash: testHash(1), deadline: BigInt(now + 60) },
    })
    expect(await drop({ signature })).toBe(true)
  })

  test('an account says itself whether it was its owner (ERC-1271)', async () => {
    const { drop, call } = pool({
      op: { sender: testAddress(5) },
      call: async () => ({ ok: true, data: yes }),
    })
    expect(await drop({ signature: '0x1234' })).toBe(true)
    const digest = cancellationDigest(
      { userOpHash: testHash(1), deadline: BigInt(now + 60) },
      { chainId, entryPoint: defaultEntryPoint.address },
    )
    const abi = parseAbi(['function isValidSignature(bytes32,bytes)'])
    expect(call.mock.calls).toMatchObject([
      [{ to: testAddress(5), data: encodeFunctionData({ abi, args: [digest, '0x1234'] }) }],
    ])
  })

  test('an account that is not deployed is deployed for the question, by the SenderCreator', async () => {
    const { drop, call } = pool({
      op: { sender: testAddress(5), factory: testAddress(6), factoryData: '0xabcdef' },
      call: async ({ stateOverride }) => (stateOverride ? { ok: true, data: yes } : no),
    })
    expect(await drop({ signature: '0x1234' })).toBe(true)
    const asked = call.mock.calls[1]?.[0]
    expect(asked?.to).toBe('0x449ED7C3e6Fee6a97311d4b55475DF59C44AdD33')
    const data = asked?.data ?? '0x'
    expect(slice(data, 0, 20)).toBe(testAddress(6))
    expect(slice(data, 20, 40)).toBe(testAddress(5))
    expect(BigInt(slice(data, 40, 72))).toBe(3n)
    expect(slice(data, 72, 75)).toBe('0xabcdef')
    expect(size(data)).toBeGreaterThan(75 + 4 + 64)
  })

  test.each([
    { name: 'nobody', signature: async () => '0x' as Hex },
    {
      name: 'another key',
      signature: () => sign({}, {}, privateKeyToAccount(generatePrivateKey())),
    },
    {
      name: 'the owner, for another operation',
      signature: () => sign({ userOpHash: testHash(2) }),
    },
    { name: 'the owner, for another deadline', signature: () => sign({ deadline: 1n }) },
    { name: 'the owner, for another chain', signature: () => sign({}, { chainId: 1 }) },
    {
      name: 'the owner, for another EntryPoint',
      signature: () => sign({}, { entryPoint: testAddress(9) }),
    },
  ])('a signature of $name is refused with -32507 and changes nothing', async ({ signature }) => {
    const { drop, mempool } = pool()
    expect(await failure(drop({ signature: await signature() }))).toMatchObject({
      code: -32507,
      rule: 'cancellationSignature',
    })
    expect(mempool.size()).toBe(1)
  })

  test.each([
    { name: 'echoes the call', data: `0x1626ba7e${'ff'.repeat(28)}` as Hex },
    { name: 'answers four bytes', data: '0x1626ba7e' as Hex },
    { name: 'has no code', data: '0x' as Hex },
  ])('an address that $name proves nothing', async ({ data }) => {
    const { drop } = pool({
      op: { sender: testAddress(5) },
      call: async () => ({ ok: true, data }),
    })
    expect(await failure(drop({}))).toMatchObject({ code: -32507 })
  })

  test.each([
    { deadline: BigInt(now - 1), code: -32602 },
    { deadline: BigInt(now + 86_401), code: -32602 },
    { deadline: 2n ** 256n - 1n, code: -32602 },
  ])('deadline $deadline is out of range', async ({ deadline, code }) => {
    const { drop, call } = pool()
    const signature = await sign({ deadline })
    expect(await failure(drop({ deadline, signature }))).toMatchObject({ code, field: 'deadline' })
    expect(call).not.toHaveBeenCalled()
  })

  test.each([BigInt(now), BigInt(now + 86_400)])('deadline %d is in range', async (deadline) => {
    expect(await pool().drop({ deadline, signature: await sign({ deadline }) })).toBe(true)
  })

  test('what is not pending is false, whoever asks', async () => {
    expect(await pool().drop({ hash: testHash(7) })).toBe(false)
  })

  test('one in flight stays, also when the bundle takes it during the question', async () => {
    const { drop, mempool, operation } = pool()
    mempool.setState([operation.hash], 'inFlight')
    expect(await failure(drop({ signature: await sign() }))).toMatchObject({ rule: 'inFlight' })

    const race = pool({
      op: { sender: testAddress(5) },
      call: async () => {
        race.mempool.setState([testHash(1)], 'inFlight')
        return { ok: true, data: yes }
      },
    })
    expect(await failure(race.drop({}))).toMatchObject({ rule: 'inFlight' })
    expect(race.mempool.size()).toBe(1)
  })

  test('when the journal cannot be written it is still pending', async () => {
    const { drop, mempool, onUpdates } = pool({
      commit: () => Promise.reject(new Error('disk full')),
    })
    await expect(drop({ signature: await sign() })).rejects.toThrow('disk full')
    expect(mempool.get(testHash(1))?.state).toBe('waiting')
    expect(onUpdates).not.toHaveBeenCalled()
  })
})
