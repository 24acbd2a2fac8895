import { fabstirAccountFactoryAbi } from '@fabstir/contracts/abi'
import {
  concatHex,
  createClient,
  createWalletClient,
  custom,
  decodeFunctionData,
  type EIP1193Provider,
  encodeFunctionResult,
  type Hex,
  http,
  recoverAddress,
  recoverTypedDataAddress,
  size,
  slice,
} from 'viem'
import { getUserOperationTypedData } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry, mainnet } from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { resolveDeployment } from '../../contracts/addressBooks.ts'
import { ContractsNotFoundError, NonceLanesError } from '../../errors/configuration.ts'
import { DelegationError } from '../../errors/key.ts'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import type { P256Key } from '../keys/p256Signer.ts'
import { toFabstirAccount } from './toFabstirAccount.ts'

const owner = privateKeyToAccount(generatePrivateKey())
/** Base point of P-256 (SEC 2). */
const publicKey =
  '0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5'
const address = '0x3300000000000000000000000000000000000033'

/** A chain where every account has one address, no code, and nonces that tell the key they are asked for. */
const asked: { to: string; data: Hex }[] = []
const transport = custom({
  async request({ method, params }: { method: string; params: [{ to: string; data: Hex }] }) {
    if (method !== 'eth_call') return '0x'
    asked.push(params[0])
    const isNonce = params[0].data.startsWith('0x35567e1a')
    return isNonce
      ? slice(params[0].data, 36)
      : encodeFunctionResult({
          abi: fabstirAccountFactoryAbi,
          functionName: 'getAddress',
          result: address,
        })
  },
})
const client = createClient({ chain: foundry, transport })
const options = { client, owner, contracts }
const operation = {
  nonce: 0n,
  callData: '0x',
  callGasLimit: 1n,
  verificationGasLimit: 1n,
  preVerificationGas: 1n,
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  signature: '0x',
} as const

describe('toFabstirAccount', () => {
  test.each(['0.8', '0.9'] as const)(
    'on %s takes the address from the factory of that EntryPoint',
    async (entryPoint) => {
      const account = await toFabstirAccount({ ...options, entryPoint, salt: 5n })
      const deployment = contracts.deployments.find((d) => d.entryPointVersion === entryPoint)
      expect(account.entryPoint.version).toBe(entryPoint)
      expect(asked.at(-1)?.to).toBe(deployment?.accountFactory)
      const { factory, factoryData = '0x' } = await account.getFactoryArgs()
      expect(factory).toBe(deployment?.accountFactory)
      expect(decodeFunctionData({ abi: fabstirAccountFactoryAbi, data: factoryData })).toEqual({
        functionName: 'createAccount',
        args: [owner.address.toLowerCase(), 5n],
      })
    },
  )

  test('an operation is signed by the owner, and its stub is as long', async () => {
    const account = await toFabstirAccount(options)
    const signature = await account.signUserOperation(operation)
    const signer = await recoverTypedDataAddress({
      ...getUserOperationTypedData({
        chainId: foundry.id,
        entryPointAddress: account.entryPoint.address,
        userOperation: { ...operation, sender: address },
      }),
      signature: slice(signature, 1),
    })
    expect([slice(signature, 0, 1), signer]).toEqual(['0x00', owner.address])
    expect(size(await account.getStubSignature())).toBe(size(signature))
  })

  test('wallet clients and providers sign like the key behind them', async () => {
    const provider = {
      async request({ method, params }: { method: string; params?: [string, string] }) {
        if (method === 'eth_signTypedData_v4')
          return owner.signTypedData(JSON.parse(params?.[1] ?? ''))
        if (method === 'eth_requestAccounts') return [owner.address]
        throw new Error(`unexpected ${method}`)
      },
    }
    const withKey = createWalletClient({ account: owner, transport: http('http://nowhere.test') })
    const inWallet = createWalletClient({ account: owner.address, transport: custom(provider) })
    const expected = await (await toFabstirAccount(options)).signUserOperation(operation)
    for (const other of [withKey, inWallet, provider as unknown as EIP1193Provider]) {
      const account = await toFabstirAccount({ ...options, owner: other })
      expect(await account.signUserOperation(operation)).toBe(expected)
    }
  })

  test('asks for the nonce of lane 0 of the owner unless told another key', async () => {
    const account = await toFabstirAccount(options)
    expect(await account.getNonce()).toBe(0n)
    expect(await account.getNonce({ key: account.nonceKey(3) })).toBe(3n << 160n)
  })

  test.each([0, -1, 1.5, 2 ** 24 + 1])('%d nonce lanes are refused', async (nonceLanes) => {
    await expect(toFabstirAccount({ ...options, nonceLanes })).rejects.toThrow(NonceLanesError)
  })

  test('a chain without known contracts is refused', async () => {
    const unknown = createClient({ chain: mainnet, transport: http('http://x') })
    await expect(toFabstirAccount({ client: unknown, owner })).rejects.toThrow(
      ContractsNotFoundError,
    )
  })
})

describe('the EIP-7702 account of an owner', () => {
  const eoa = { ...options, eip7702: true } as const

  test('is the owner itself, with the code of the EntryPoint that was asked for', async () => {
    for (const entryPoint of ['0.8', '0.9'] as const) {
      const account = await toFabstirAccount({ ...eoa, entryPoint })
      const { accountImplementation } = resolveDeployment(contracts, entryPoint)
      expect(account.address).toBe(owner.address)
      expect(account.authorization).toEqual({ account: owner, address: accountImplementation })
      expect(await account.getFactoryArgs()).toEqual({ factory: '0x7702', factoryData: '0x' })
      expect(await account.isDeployed()).toBe(false)
    }
  })

  test('signs operations as any account, with a stub that recovers to nobody', async () => {
    const account = await toFabstirAccount(eoa)
    const [stub, signature] = [
      await account.getStubSignature(),
      await account.signUserOperation(operation),
    ]
    expect([slice(stub, 0, 1), size(stub)]).toEqual([slice(signature, 0, 1), size(signature)])
    await expect(
      recoverAddress({ hash: `0x${'11'.repeat(32)}`, signature: slice(stub, 1) }),
    ).rejects.toThrow()
  })

  test('speaks as the plain EOA that it is until it is delegated', async () => {
    const account = await toFabstirAccount(eoa)
    expect(await account.signMessage({ message: 'hello' })).toBe(
      await owner.signMessage({ message: 'hello' }),
    )
  })

  test.each([
    { name: 'a salt', of: { salt: 0n as unknown as undefined } },
    {
      name: 'a P-256 owner',
      of: { owner: { type: 'p256', publicKey, sign: async () => '0x' } as P256Key },
    },
    {
      name: 'a wallet',
      of: {
        owner: createWalletClient({ account: address, transport: http('http://nowhere.test') }),
      },
    },
  ])('is refused with $name', async ({ of }) => {
    await expect(toFabstirAccount({ ...eoa, ...of })).rejects.toThrow(DelegationError)
  })
})

test('the owner of an account is told to the factory: 20 bytes, or 64 of a P-256 key', async () => {
  const p256: P256Key = {
    type: 'p256',
    publicKey: concatHex(['0x04', publicKey]),
    sign: async () => '0x',
  }
  const { factoryData } = await toFabstirAccount({ ...options, owner: p256 })
  expect(decodeFunctionData({ abi: fabstirAccountFactoryAbi, data: factoryData }).args).toEqual([
    publicKey,
    0n,
  ])
})

test('contracts come with the chain, when they are not given', async () => {
  const chain = { ...foundry, custom: { fabstir: contracts } }
  const account = await toFabstirAccount({ client: createClient({ chain, transport }), owner })
  expect(account.contracts).toBe(contracts)
  const elsewhere = { ...mainnet, custom: { fabstir: contracts } }
  await expect(
    toFabstirAccount({ client: createClient({ chain: elsewhere, transport }), owner }),
  ).rejects.toThrow(ContractsNotFoundError)
})
