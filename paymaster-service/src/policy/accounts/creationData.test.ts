import type { Address, Hex } from 'viem'
import { concat, encodeFunctionData, getAddress, parseAbi, zeroAddress, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { encodePackedTransactions, packTransaction } from '../../testing/accountEncodings.ts'
import { isKnownCreation } from './creationData.ts'

const address = (byte: string): Address => getAddress(`0x${byte.repeat(20)}`)
const [owner, singleton, safeModule, setup, multiSend, kernelFactory, stranger, validator] = [
  ...['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8'],
].map(address) as [Address, Address, Address, Address, Address, Address, Address, Address]
const set = (...addresses: Address[]) => new Set(addresses.map((each) => each.toLowerCase()))
const settings = {
  safe: { singletons: set(singleton), modules: set(safeModule), setups: set(setup) },
  multiSend: set(multiSend),
  kernelFactories: set(kernelFactory),
  validators: set(validator),
}

const abi = parseAbi([
  'function createProxyWithNonce(address singleton, bytes initializer, uint256 salt)',
  'function setup(address[] owners, uint256 threshold, address to, bytes data, address handler, address paymentToken, uint256 payment, address receiver)',
  'function enableModules(address[] modules)',
  'function createAccount(bytes data, bytes32 salt)',
  'function deployWithFactory(address factory, bytes data, bytes32 salt)',
  'function initialize(bytes21 validator, address hook, bytes validatorData, bytes hookData, bytes[] initConfig)',
])
const encode = (functionName: (typeof abi)[number]['name'], ...args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi, functionName, args } as never)

const enable = (...modules: Address[]) => encode('enableModules', modules)
type Setup = { of?: Address; to?: Address; data?: Hex; handler?: Address; payment?: bigint }
const safe = ({ of = singleton, to = setup, data = enable(safeModule), ...rest }: Setup = {}) => {
  const { handler = safeModule, payment = 0n } = rest
  const zero = zeroAddress
  const initializer = encode('setup', [owner], 1n, to, data, handler, zero, payment, zero)
  return encode('createProxyWithNonce', of, initializer, 7n)
}
const delegate = (target: Address, data: Hex) => packTransaction({ target, value: 0n, data }, 1)

describe('a new Safe', () => {
  const several = (...packed: Hex[]) =>
    safe({ to: multiSend, data: encodePackedTransactions(packed) })
  test.each<{ name: string; data: Hex; known: boolean }>([
    { name: 'with its module', data: safe(), known: true },
    { name: 'by a MultiSend', data: several(delegate(setup, enable(safeModule))), known: true },
    { name: 'of another singleton', data: safe({ of: stranger }), known: false },
    { name: 'with another handler', data: safe({ handler: stranger }), known: false },
    { name: 'without a handler', data: safe({ handler: zeroAddress }), known: false },
    { name: 'with another setup', data: safe({ to: stranger }), known: false },
    {
      name: 'with another module',
      data: safe({ data: enable(safeModule, stranger) }),
      known: false,
    },
    { name: 'that pays somebody', data: safe({ payment: 1n }), known: false },
    { name: 'with other setup data', data: safe({ data: '0xaabbccdd' }), known: false },
    {
      name: 'by a MultiSend that does more',
      data: several(delegate(setup, enable(safeModule)), delegate(stranger, '0xaabbccdd')),
      known: false,
    },
    {
      name: 'by a MultiSend that calls',
      data: several(packTransaction({ target: setup, value: 0n, data: enable(safeModule) })),
      known: false,
    },
    { name: 'with bytes after the end', data: concat([safe(), '0x00']), known: false },
    { name: 'by another function', data: `0xaabbccdd${safe().slice(10)}`, known: false },
  ])('$name: $known', ({ data, known }) => {
    expect(isKnownCreation('safe-4337', data, settings)).toBe(known)
  })
})

describe('a new Kernel', () => {
  type Initialize = { root?: Hex; hook?: Address; config?: Hex[] }
  const initialize = ({
    root = `0x01${validator.slice(2)}`,
    hook = zeroAddress,
    config = [],
  }: Initialize = {}) => encode('initialize', root, hook, '0x1234', '0x', config)
  const create = (data = initialize()) => encode('createAccount', data, zeroHash)
  const staked = (factory: Address, data = create()) =>
    encode('deployWithFactory', factory, data, zeroHash)
  test.each<{ name: string; data: Hex; known: boolean }>([
    { name: 'by its factory', data: create(), known: true },
    { name: 'by one that stakes for it', data: staked(kernelFactory), known: true },
    { name: 'by one that stakes for another', data: staked(stranger), known: false },
    {
      name: 'that changes itself',
      data: create(initialize({ config: ['0x3659cfe6'] })),
      known: false,
    },
    {
      name: 'with no hook, as Kernel names it',
      data: create(initialize({ hook: `0x${'00'.repeat(19)}01` })),
      known: true,
    },
    { name: 'with a hook', data: create(initialize({ hook: stranger })), known: false },
    {
      name: 'with another validator',
      data: create(initialize({ root: `0x01${stranger.slice(2)}` })),
      known: false,
    },
    {
      name: 'with a permission',
      data: create(initialize({ root: `0x02${validator.slice(2)}` })),
      known: false,
    },
    {
      name: 'behind two stakers',
      data: staked(kernelFactory, staked(kernelFactory)),
      known: false,
    },
    { name: 'without data', data: '0x', known: false },
  ])('$name: $known', ({ data, known }) => {
    expect(isKnownCreation('kernel-3', data, settings)).toBe(known)
  })
})

test('a Nexus only by the factory whose bootstrap is its own', () => {
  const byOwner = encodeFunctionData({
    abi: parseAbi(['function createAccount(address, uint256, address[], uint8)']),
    args: [owner, 1n, [stranger], 1],
  })
  expect(isKnownCreation('erc7579', byOwner, settings)).toBe(true)
  expect(isKnownCreation('erc7579', encode('createAccount', '0x1234', zeroHash), settings)).toBe(
    false,
  )
})

test('factories that choose the code themselves may be told anything; an unknown one nothing', () => {
  for (const shape of ['fabstir', 'simple-0.7', 'coinbase'] as const)
    expect(isKnownCreation(shape, '0x1234', settings)).toBe(true)
  expect(isKnownCreation('erc7821', '0x1234', settings)).toBe(false)
})
