import { entryPointAdapters } from '@fabstir/erc4337'
import fc from 'fast-check'
import { toKernelSmartAccount, toSafeSmartAccount } from 'permissionless/accounts'
import type { Address, Hex } from 'viem'
import {
  concat,
  createPublicClient,
  defineChain,
  encodeFunctionData,
  getAddress,
  http,
  keccak256,
  pad,
  parseAbi,
  slice,
  zeroHash,
} from 'viem'
import { entryPoint07Address, entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCode } from '../../contracts/deploy/code.ts'
import { httpChainReader } from '../../paymaster-service/src/chain/chainReader.ts'
import type { AccountShape } from '../../paymaster-service/src/policy/accounts/accountShape.ts'
import { decodeCalls } from '../../paymaster-service/src/policy/accounts/accountShape.ts'
import { isKnownCreation } from '../../paymaster-service/src/policy/accounts/creationData.ts'
import {
  knownAccounts,
  shapeOfCode,
} from '../../paymaster-service/src/policy/accounts/knownAccounts.ts'
import {
  foreignModule,
  moduleSlots,
} from '../../paymaster-service/src/policy/accounts/validators.ts'
import type { AccountEncoding } from '../../paymaster-service/src/testing/accountEncodings.ts'
import {
  accountEncodings,
  testMultiSend,
} from '../../paymaster-service/src/testing/accountEncodings.ts'
import { callsOfAccount } from '../fixtures/callsOfAccount.ts'
import type { KernelContracts } from '../fixtures/clients/kernelContracts.ts'
import { installKernel, kernelCodeSize } from '../fixtures/clients/kernelContracts.ts'
import { installNexus } from '../fixtures/clients/nexusContracts.ts'
import { installSafe, safeContracts as safe } from '../fixtures/clients/safeContracts.ts'
import { publishedArtifact } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

/** The published account contracts, asked by their EntryPoint: they do what is read, or less. */
type RealAccount = { address: Address; entryPoint: Address; parts: Address[] }

const settings = { multiSend: new Set([testMultiSend.toLowerCase()]) }
const accounts = new Map<AccountShape, RealAccount>()
let chain: TestChain
let kernel: KernelContracts

const clientOf = ({ rpcUrl, chainId }: TestChain) =>
  createPublicClient({
    chain: defineChain({
      id: chainId,
      name: 'test chain',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [rpcUrl] } },
    }),
    transport: http(),
  })
const owner = () => privateKeyToAccount(generatePrivateKey())

beforeAll(async () => {
  chain = await startTestChain({ codeSizeLimit: kernelCodeSize })
  await installSafe(chain)
  kernel = await installKernel(chain)
  accounts.set('kernel-3', real(kernel.implementation, entryPoint07Address))
  accounts.set('erc7579', real(await installNexus(chain, entryPoint07Address), entryPoint07Address))
  for (const version of ['0.6', '0.7', '0.8'] as const) {
    const entryPoint = entryPointAdapters.find((adapter) => adapter.version === version)
    if (!entryPoint) throw new RangeError(`no EntryPoint ${version}`)
    const { abi, bytecode } = publishedArtifact(version, 'SimpleAccount')
    const address = await chain.deploy({ abi, bytecode, args: [entryPoint.address] })
    accounts.set(`simple-${version}`, real(address, entryPoint.address))
  }
  const fabstir = await readCode('FabstirAccount')
  const stranger = getAddress(`0x${'ab'.repeat(20)}`)
  const address = await chain.deploy({
    ...fabstir,
    args: [entryPoint08Address, stranger, stranger],
  })
  accounts.set('fabstir', real(address, entryPoint08Address))
  accounts.set('safe-4337', await deploySafe())
  for (const account of accounts.values())
    await chain.client.setBalance({ address: account.address, value: 2n ** 100n })
})
afterAll(async () => {
  await chain?.stop()
})

const real = (address: Address, entryPoint: Address): RealAccount => ({
  address,
  entryPoint,
  parts: [],
})

async function deploySafe(): Promise<RealAccount> {
  const { address, factory, factoryData } = await newSafe()
  await chain.send({ to: factory, data: factoryData })
  const { singleton, module } = safe
  return { address, entryPoint: entryPoint07Address, parts: [singleton, module, testMultiSend] }
}

async function newSafe() {
  const account = await toSafeSmartAccount({
    client: clientOf(chain),
    owners: [owner()],
    version: '1.4.1',
  })
  return { address: account.address, ...(await creationOf(account)) }
}

async function creationOf(account: {
  getFactoryArgs(): Promise<{
    factory?: Address | undefined
    factoryData?: Hex | undefined
  }>
}) {
  const { factory, factoryData } = await account.getFactoryArgs()
  if (!factory || !factoryData) throw new Error('the account is deployed already')
  return { factory, factoryData }
}

const executeUserOp = parseAbi([
  'struct PackedUserOperation { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function executeUserOp(PackedUserOperation userOp, bytes32 userOpHash)',
])

/** How the EntryPoint hands on call data that begins with the selector of `executeUserOp`. */
function asHandedOn(sender: Address, callData: Hex): Hex {
  if (callData.length < 10 || slice(callData, 0, 4) !== '0x8dd7712f') return callData
  const op = {
    sender,
    nonce: 0n,
    initCode: '0x',
    callData,
    accountGasLimits: zeroHash,
    preVerificationGas: 0n,
    gasFees: zeroHash,
    paymasterAndData: '0x',
    signature: '0x',
  } as const
  return encodeFunctionData({ abi: executeUserOp, args: [op, zeroHash] })
}

const hex = (length: { minLength?: number; maxLength: number }) =>
  fc.uint8Array(length).map((value): Hex => `0x${Buffer.from(value).toString('hex')}`)
const callsOf = ({ most, values }: AccountEncoding) =>
  fc.array(
    fc.record({
      target: hex({ minLength: 20, maxLength: 20 }).map((value) => getAddress(value)),
      value: values ? fc.bigInt(0n, 2n ** 64n) : fc.constant(0n),
      data: hex({ maxLength: 70 }),
    }),
    { minLength: 1, maxLength: Math.min(most, 4) },
  )
const change = fc.record({
  position: fc.oneof(fc.integer({ min: 4, max: 300 }), fc.nat()),
  byte: fc.oneof(
    fc.constantFrom(0, 1, 0x20, 0x40, 0x60, 0x80, 0xff),
    fc.integer({ min: 0, max: 255 }),
  ),
})
const mutate = (data: Hex, { position, byte }: { position: number; byte: number }): Hex => {
  const index = 2 + 2 * (position % ((data.length - 2) / 2))
  return `0x${data.slice(2, index)}${byte.toString(16).padStart(2, '0')}${data.slice(index + 2)}`
}

const withContracts = accountEncodings.filter(
  ({ shape }) => shape !== 'coinbase' && shape !== 'erc7821',
)

describe.each(withContracts.map((encoding) => ({ encoding, ...encoding })))(
  '$shape: $name',
  ({ encoding, shape }) => {
    const account = () => {
      const found = accounts.get(shape)
      if (!found) throw new Error(`no account of ${shape}`)
      return found
    }
    const traced = ({ address, entryPoint, parts }: RealAccount, callData: Hex) =>
      callsOfAccount(chain, {
        account: address,
        from: entryPoint,
        data: asHandedOn(address, callData),
        parts,
      })

    test('the account makes the calls that are read', async () => {
      await fc.assert(
        fc.asyncProperty(callsOf(encoding), async (calls) => {
          const data = encoding.encode(calls)
          expect(decodeCalls(shape, account().address, data, settings)).toEqual(calls)
          expect(await traced(account(), data)).toEqual({ calls, others: [], reverted: false })
        }),
        { numRuns: 10 },
      )
    })

    test('of changed bytes that are read it makes these calls, or fails on the way', async () => {
      await fc.assert(
        fc.asyncProperty(callsOf(encoding), change, async (calls, changed) => {
          const data = mutate(encoding.encode(calls), changed)
          const decoded = decodeCalls(shape, account().address, data, settings)
          if (!decoded) return
          const { calls: made, others, reverted } = await traced(account(), data)
          expect(others).toEqual([])
          expect(made).toEqual(reverted ? decoded.slice(0, made.length) : decoded)
        }),
        { numRuns: 60 },
      )
    })
  },
)

describe('accounts of published clients', () => {
  const document = (codeHash: Hex) => ({
    factories: [
      { address: safe.factory, shape: 'safe-4337' as const },
      { address: kernel.factory, shape: 'kernel-3' as const },
    ],
    delegates: [],
    accounts: [{ shape: 'safe-4337' as const, codeHash }],
    validators: [kernel.validator],
    safe: {
      singletons: [safe.singleton],
      modules: [safe.module],
      setups: [safe.setup],
      multiSend: [testMultiSend],
    },
  })

  test('a new Safe of permissionless is known; one with another singleton or module is not', async () => {
    const { factoryData } = await newSafe()
    const known = knownAccounts(document(zeroHash))
    expect(isKnownCreation('safe-4337', factoryData, known)).toBe(true)
    for (const listed of [safe.singleton, safe.module, safe.setup, testMultiSend]) {
      const other = factoryData.replaceAll(listed.slice(2).toLowerCase(), 'ab'.repeat(20)) as Hex
      expect(other).not.toBe(factoryData)
      expect(isKnownCreation('safe-4337', other, known)).toBe(false)
    }
    expect(isKnownCreation('safe-4337', concat([factoryData, '0x00']), known)).toBe(false)
  })

  test('a deployed Safe is known by its singleton and its fallback handler, without a guard of modules', async () => {
    const account = accounts.get('safe-4337')
    if (!account) throw new Error('no Safe')
    const code = await chain.client.getCode({ address: account.address })
    const known = knownAccounts(document(keccak256(code ?? '0x')))
    const reader = httpChainReader(chain.rpcUrl)
    const read = await reader.senderState(account.address, undefined, known.slots)
    if (!read.code) throw new Error('it has no code')
    expect(shapeOfCode(known, read.code, read.storage)).toBe('safe-4337')
    expect(shapeOfCode(known, read.code, new Map())).toBeUndefined()
    expect(known.slots).toHaveLength(3)
    for (const slot of known.slots) {
      const word = `0x${'00'.repeat(12)}${'ab'.repeat(20)}` as const
      const storage = new Map([...read.storage, [slot, word] as const])
      expect(shapeOfCode(known, read.code, storage), slot).toBeUndefined()
    }
  })

  const modular = (shape: 'kernel-3' | 'erc7579', address: Address, nonce: bigint) =>
    httpChainReader(chain.rpcUrl)
      .senderState(address, undefined, moduleSlots[shape])
      .then(({ storage }) =>
        foreignModule(
          shape,
          { nonce, storage, isDelegated: false },
          new Set([kernel.validator.toLowerCase()]),
        ),
      )

  test('a deployed Kernel is signed for by its root validator where that is listed', async () => {
    const account = await toKernelSmartAccount({
      client: clientOf(chain),
      owners: [owner()],
      version: '0.3.1',
      factoryAddress: kernel.factory,
      accountLogicAddress: kernel.implementation,
      validatorAddress: kernel.validator,
      useMetaFactory: false,
    })
    const { factory, factoryData } = await creationOf(account)
    await chain.send({ to: factory, data: factoryData })
    const nonce = await account.getNonce()
    expect(await modular('kernel-3', account.address, nonce)).toBeUndefined()
    const [slot] = moduleSlots['kernel-3']
    if (!slot) throw new Error('no slot of a root')
    const value = `0x${'00'.repeat(11)}01${'ab'.repeat(20)}` as const
    await chain.client.setStorageAt({ address: account.address, index: slot, value })
    expect(await modular('kernel-3', account.address, nonce)).toMatch(/0x(AB|ab)+ is not listed/i)
  })

  test('a Nexus is paid for while nothing is hooked to it', async () => {
    const account = accounts.get('erc7579')
    if (!account) throw new Error('no Nexus')
    const { address } = account
    const nonce = BigInt(kernel.validator) << 64n
    expect(await modular('erc7579', address, nonce)).toBeUndefined()
    const hook = getAddress(`0x${'ab'.repeat(20)}`)
    const [index] = moduleSlots.erc7579
    if (!index) throw new Error('no slot of a hook')
    const write = (value: Hex) =>
      chain.client.setStorageAt({ address, index, value: pad(value, { size: 32 }) })
    await write(hook)
    const abi = parseAbi(['function getActiveHook() view returns (address)'])
    const read = { address, abi, functionName: 'getActiveHook' } as const
    expect(await clientOf(chain).readContract(read)).toBe(hook)
    expect(await modular('erc7579', address, nonce)).toMatch(/hook/)
    await write('0x')
  })

  test('a new Kernel of permissionless is known; one with initConfig is not', async () => {
    const account = await toKernelSmartAccount({
      client: clientOf(chain),
      owners: [owner()],
      version: '0.3.1',
      factoryAddress: kernel.factory,
      accountLogicAddress: kernel.implementation,
      validatorAddress: kernel.validator,
      useMetaFactory: false,
    })
    const { factoryData } = await creationOf(account)
    const known = knownAccounts(document(zeroHash))
    expect(isKnownCreation('kernel-3', factoryData, known)).toBe(true)
    const creation = parseAbi(['function createAccount(bytes data, bytes32 salt)'])
    const initialize = parseAbi([
      'function initialize(bytes21 validator, address hook, bytes validatorData, bytes hookData, bytes[] initConfig)',
    ])
    const upgrade = encodeFunctionData({
      abi: initialize,
      args: [`0x01${'ab'.repeat(20)}`, kernel.validator, '0x', '0x', ['0x3659cfe6']],
    })
    const data = encodeFunctionData({ abi: creation, args: [upgrade, zeroHash] })
    expect(isKnownCreation('kernel-3', data, known)).toBe(false)
  })
})
