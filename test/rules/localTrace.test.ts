import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, numberToHex, zeroAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChainReader, StateOverride } from '../../bundler/src/chain/reader.ts'
import { ChainError } from '../../bundler/src/chain/reader.ts'
import { simulationOf } from '../../bundler/src/simulation/simulations.ts'
import { mergeStateOverrides } from '../../bundler/src/simulation/stateOverride.ts'
import { createLocalTraceSource } from '../../bundler/src/validation/trace/local/localTraceSource.ts'
import type { AssemblyPart } from '../../bundler/src/validation/trace/local/testing/assemble.ts'
import { assemble, returning } from '../../bundler/src/validation/trace/local/testing/assemble.ts'
import type {
  TracedCall,
  TraceSource,
  ValidationTrace,
} from '../../bundler/src/validation/trace/trace.ts'
import { traceByNode } from '../fixtures/nodeTrace.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import {
  deploySimpleAccounts,
  publishedArtifact,
  sign,
  unsigned,
} from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

const versions: readonly EntryPointVersion[] = ['0.6', '0.7', '0.8', '0.9']
const limits = {
  callGasLimit: 100_000n,
  verificationGasLimit: 1_000_000n,
  preVerificationGas: 60_000n,
}

let chain: TestChain
let accounts: SimpleAccounts
let source: TraceSource
/** Methods that were asked, one list for each turn of the event loop. */
let requests: string[]

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  source = createLocalTraceSource({
    reader: counted(chain.reader),
    chainId: chain.chainId,
    workers: 1,
  })
})

afterAll(async () => {
  await source?.close()
  await chain?.stop()
})

function counted({ request }: ChainReader): Pick<ChainReader, 'request'> {
  requests = []
  return {
    request(method, params) {
      requests.push(method)
      return request(method, params)
    },
  }
}

function simulationCall(
  { entryPoint }: TestAccount,
  op: UserOperation,
  stateOverride: StateOverride = {},
): TracedCall {
  const simulation = simulationOf(entryPoint)
  return {
    from: zeroAddress,
    to: entryPoint.address,
    data: simulation.encodeSimulateValidation(op, entryPoint),
    gas: 10_000_000n,
    stateOverride: mergeStateOverrides(stateOverride, simulation.override(entryPoint)),
    blockTag: 'latest',
  }
}

/** Holds a local trace against the node: result, frames, gas, opcodes and slots are the same. */
async function expectSame(call: TracedCall, from: TraceSource = source): Promise<ValidationTrace> {
  const [trace, node, result] = [
    await from.trace(call),
    await traceByNode(chain.reader, call),
    await chain.reader.call(call),
  ]
  expect({ ok: trace.result.ok, data: trace.result.data }).toEqual({
    ok: result.ok,
    data: result.data,
  })
  expect(
    trace.frames.map((frame, index) => {
      const { type, from: caller, codeAddress, selector, value, output, reverted, outOfGas } = frame
      const to = node.frames[index]?.to && codeAddress
      return { type, from: caller, to, selector, value, output, reverted, outOfGas }
    }),
  ).toEqual(node.frames.map(({ gasUsed: _, ...frame }) => frame))
  // Of the outermost one the node tells what the transaction would use.
  expect(trace.frames.slice(1).map(({ gasUsed }) => gasUsed)).toEqual(
    node.frames.slice(1).map(({ gasUsed }) => gasUsed),
  )
  const opcodes: Record<number, number> = {}
  for (const frame of trace.frames) {
    for (const [number, count] of frame.opcodes) opcodes[number] = (opcodes[number] ?? 0) + count
  }
  expect(opcodes).toEqual(node.opcodes)
  const slots = trace.frames.flatMap(({ storage }) => [...storage.reads, ...storage.writes])
  expect([...new Set(slots)].sort()).toEqual(node.slots)
  return trace
}

describe.each(versions)('validation of EntryPoint %s as the node runs it', (version) => {
  async function scene(fields: Partial<UserOperation> & { deploy?: boolean }) {
    const account = await accounts.counterfactual(version)
    const op = await sign(account, unsigned(account, { ...limits, ...fields }), chain.chainId)
    return { account, op }
  }

  test('of an operation that deploys its sender', async () => {
    const { account, op } = await scene({ deploy: true })
    const trace = await expectSame(simulationCall(account, op))
    expect(trace.frames.map(({ type }) => type)).toContain('CREATE2')
    expect(trace.preimages.length).toBeGreaterThan(0)
  })

  test('of an account that exists, with a right and with a wrong signature', async () => {
    const { account, op: first } = await scene({ deploy: true })
    const { address, encodeHandleOps } = account.entryPoint
    await chain.send({ to: address, data: encodeHandleOps([first], chain.bundler) })
    const { factory: _, factoryData: __, ...rest } = { ...first, nonce: 1n }
    const op = await sign(account, rest, chain.chainId)
    const accepted = await expectSame(simulationCall(account, op))
    const wrong = await sign(account, { ...op, callGasLimit: 1n }, chain.chainId)
    const refused = await expectSame(simulationCall(account, { ...op, signature: wrong.signature }))
    expect(refused.result.data).not.toBe(accepted.result.data)
  })

  test('of a sender that is not there, and of a nonce that is not next', async () => {
    const absent = await scene({})
    expect((await expectSame(simulationCall(absent.account, absent.op))).result.ok).toBe(false)
    const early = await scene({ deploy: true, nonce: 7n })
    expect((await expectSame(simulationCall(early.account, early.op))).result.ok).toBe(false)
  })

  test.each([30_000n, 60_000n, 90_000n, 120_000n, 200_000n])(
    'with %i gas for verification, which may run out',
    async (verificationGasLimit) => {
      const { account, op } = await scene({ deploy: true, verificationGasLimit })
      await expectSame(simulationCall(account, op))
    },
  )
})

test('an EIP-7702 sender runs the code it delegates to', async () => {
  const account = await accounts.counterfactual('0.8')
  const { abi, bytecode } = publishedArtifact('0.8', 'Simple7702Account')
  const delegate = await chain.deploy({ abi, bytecode, args: [] })
  const sender = account.owner.address
  await chain.client.setBalance({ address: sender, value: 10n ** 18n })
  const op = await sign(account, unsigned(account, { ...limits, sender }), chain.chainId)
  const override = { [sender]: { code: concat(['0xef0100', delegate]) } }
  const trace = await expectSame(simulationCall(account, op, override))
  expect(trace.result.ok).toBe(true)
})

describe('a call of code', () => {
  const target: Address = '0x00000000000000000000000000000000000a11ce'
  const callOf = (code: Hex, fields: Partial<TracedCall> = {}): TracedCall => ({
    from: '0x00000000000000000000000000000000000000c0',
    to: target,
    data: '0x11223344',
    gas: 3_000_000n,
    stateOverride: { [target]: { code } },
    blockTag: 'latest',
    ...fields,
  })

  test.each([
    ...([
      'NUMBER',
      'TIMESTAMP',
      'COINBASE',
      'PREVRANDAO',
      'GASLIMIT',
      'BASEFEE',
      'BLOBBASEFEE',
    ] as const),
    ...(['CHAINID', 'ORIGIN', 'GASPRICE', 'CALLER', 'SELFBALANCE', 'GAS'] as const),
  ])('%s', async (mnemonic) => {
    await expectSame(callOf(returning(mnemonic)))
    await expectSame(callOf(assemble(mnemonic)))
  })

  test('hashes of earlier blocks, and of those too far away', async () => {
    const number = await chain.client.getBlockNumber()
    for (const wanted of [number - 1n, number, number + 1n, 0n]) {
      await expectSame(callOf(returning(numberToHex(wanted, { size: 8 }), 'BLOCKHASH')))
    }
  })

  const pairingInput: Hex = `0x${'00'.repeat(192)}`
  test.each([
    {
      name: 'ecrecover',
      address: 1,
      data: `0x${'11'.repeat(32)}${'00'.repeat(31)}1b${'22'.repeat(64)}`,
    },
    { name: 'sha256', address: 2, data: '0x010203' },
    { name: 'ripemd160', address: 3, data: '0x010203' },
    { name: 'identity', address: 4, data: '0x010203' },
    {
      name: 'modexp',
      address: 5,
      data: `0x${numberToHex(1, { size: 32 }).slice(2).repeat(3)}030507`,
    },
    { name: 'addition on bn254', address: 6, data: `0x${'00'.repeat(128)}` },
    { name: 'a point that is not on bn254', address: 7, data: `0x${'01'.repeat(96)}` },
    { name: 'pairing on bn254', address: 8, data: pairingInput },
    { name: 'blake2f', address: 9, data: `0x0000000c${'05'.repeat(208)}01` },
    { name: 'addition on bls12-381', address: 0x0b, data: `0x${'00'.repeat(256)}` },
    { name: 'pairing on bls12-381', address: 0x0f, data: `0x${'00'.repeat(384)}` },
    { name: 'P256VERIFY', address: 0x100, data: `0x${'01'.repeat(160)}` },
    { name: 'what is no precompile', address: 0x12, data: '0x01' },
  ] as { name: string; address: number; data: Hex }[])(
    '$name: answer and gas',
    async (precompile) => {
      const input = assemble('CALLDATASIZE', 0, 0, 'CALLDATACOPY')
      const address = numberToHex(precompile.address, { size: 2 })
      const code = concat([
        input,
        assemble('GAS', 0, 0, 'CALLDATASIZE', 0, 0, address, '0x0fffff', 'CALL', 'GAS'),
        // Gas before and after, whether it succeeded, the size and the start of the answer.
        assemble(0, 'MSTORE', 32, 'MSTORE', 64, 'MSTORE', 'RETURNDATASIZE', 96, 'MSTORE'),
        assemble(160, 0, 'RETURN'),
      ])
      await expectSame(callOf(code, { data: precompile.data }))
    },
  )

  test('gas of storage, cold and warm, of delegations, of creation', async () => {
    const delegating = '0x00000000000000000000000000000000000de1e6'
    const delegate = '0x00000000000000000000000000000000000c0de0'
    const probe = (...code: readonly AssemblyPart[]) =>
      concat([
        assemble('GAS'),
        assemble(...code),
        assemble('GAS', 'SWAP1', 'SUB', 0, 'SLOAD', 'ADD', 0, 'SSTORE'),
      ])
    const code = concat([
      probe(1, 'SLOAD', 'POP'),
      probe(1, 'SLOAD', 'POP'),
      probe(5, 2, 'SSTORE'),
      probe(0, 2, 'SSTORE'),
      probe(9, 3, 'SSTORE'),
      probe(7, 4, 'TSTORE'),
      probe(0, 0, 0, 0, 0, delegating, 'GAS', 'CALL', 'POP'),
      probe(0, 0, 0, 0, 0, delegating, 'GAS', 'CALL', 'POP'),
      probe(delegating, 'EXTCODEHASH', 'POP'),
      probe(0, 0, 0, 0, 5, '0xdddd', 'GAS', 'CALL', 'POP'),
      probe('0x600160005260016000f3', 0, 'MSTORE', 10, 22, 0, 'CREATE', 'POP'),
      probe('0xc01d', 'BALANCE', 'POP'),
      // Warm from the start: sender, target, coinbase, precompiles.
      probe('CALLER', 'BALANCE', 'POP'),
      probe('ADDRESS', 'BALANCE', 'POP'),
      probe('COINBASE', 'BALANCE', 'POP'),
      probe(9, 'BALANCE', 'POP'),
      assemble(0, 'SLOAD', 0, 'MSTORE', 32, 0, 'RETURN'),
    ])
    const slot = (value: number) => numberToHex(value, { size: 32 })
    const trace = await expectSame(
      callOf(code, {
        stateOverride: {
          [target]: { code, balance: '0x64', stateDiff: { [slot(3)]: slot(9) } },
          [delegating]: { code: concat(['0xef0100', delegate]) },
          [delegate]: { code: '0x00' },
        },
      }),
    )
    expect(trace.frames.map(({ value }) => value)).toContain(5n)
  })

  test('what a contract of the chain holds', async () => {
    const account = await accounts.counterfactual('0.7')
    await chain.deposit(account.entryPoint, account.address, 12_345n)
    const data = `0x70a08231${account.address.slice(2).padStart(64, '0')}` as Hex
    const trace = await expectSame({
      ...callOf('0x', { data }),
      to: account.entryPoint.address,
      stateOverride: {},
    })
    expect(BigInt(trace.result.data)).toBe(12_345n)
  })
})

describe('round trips', () => {
  test('with debug_traceCall: the head, and one for all state of an operation', async () => {
    const account = await accounts.counterfactual('0.7')
    const op = await sign(account, unsigned(account, { ...limits, deploy: true }), chain.chainId)
    await source.trace(simulationCall(account, op))
    requests.length = 0
    await source.trace(simulationCall(account, op))
    expect(requests).toEqual(['eth_getBlockByNumber'])

    const next = await accounts.counterfactual('0.7')
    const call = simulationCall(
      next,
      await sign(next, unsigned(next, { ...limits, deploy: true }), chain.chainId),
    )
    const { hash } = await chain.client.getBlock()
    requests.length = 0
    await source.trace({ ...call, blockTag: { blockHash: hash } })
    expect(requests).toContain('debug_traceCall')
    expect(requests.filter((method) => method === 'debug_traceCall')).toHaveLength(1)
    expect(requests).not.toContain('eth_getBlockByNumber')
  })

  test('a node without debug_traceCall serves as well', async () => {
    const { request } = chain.reader
    const plain = createLocalTraceSource({
      reader: {
        async request(method, params) {
          if (method.startsWith('debug_')) throw new ChainError(method, -32_601, 'Method not found')
          return request(method, params)
        },
      },
      chainId: chain.chainId,
      workers: 1,
    })
    const account = await accounts.counterfactual('0.7')
    const op = await sign(account, unsigned(account, { ...limits, deploy: true }), chain.chainId)
    await expectSame(simulationCall(account, op), plain)
    await plain.close()
  })
})
