import * as abis from '@fabstir/contracts/abi'
import { artifactNames, readArtifact } from '@fabstir/contracts/deploy'
import { entryPointAdapters, type UserOperation } from '@fabstir/erc4337'
import { toFabstirAccount } from '@fabstir/sdk'
import {
  type Abi,
  type Address,
  encodeFunctionData,
  isAddress,
  parseEther,
  parseUnits,
  zeroAddress,
} from 'viem'
import { entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, openArena } from './arena.ts'

type Call = { to: Address; data: `0x${string}` }

let arena: Arena
let account: Awaited<ReturnType<typeof toFabstirAccount>>
let bundler: Address
beforeAll(async () => {
  arena = await openArena()
  bundler = arena.of('anyone')
})

/** Each test has an account of its own: one remembers that it was deployed. */
const apart = (run: () => Promise<void>) => () =>
  arena.apart(async () => {
    account = await toFabstirAccount({
      client: arena.publicClient,
      owner: privateKeyToAccount(generatePrivateKey()),
      contracts: arena.book,
    })
    await arena.testClient.setBalance({ address: account.address, value: parseEther('10') })
    await arena.give.usdc(account.address, '100')
    await run()
  })()
const adapter = () => {
  const found = entryPointAdapters.find(({ address }) => address === entryPoint08Address)
  if (!found) throw new Error('no adapter')
  return found
}
/** An operation as the SDK's account makes it; the account pays for it itself. */
const operation = async (...calls: Call[]) => {
  const fees = await arena.publicClient.estimateFeesPerGas()
  const deployed = await account.isDeployed()
  const unsigned = {
    ...(deployed ? {} : await account.getFactoryArgs()),
    sender: account.address,
    nonce: await account.getNonce(),
    callData: await account.encodeCalls(calls),
    callGasLimit: 1_000_000n,
    verificationGasLimit: 1_000_000n,
    preVerificationGas: 100_000n,
    maxFeePerGas: fees.maxFeePerGas,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
    signature: '0x',
  } as const
  return { ...unsigned, signature: await account.signUserOperation(unsigned) } as UserOperation
}
const bundle = (op: UserOperation) => adapter().encodeHandleOps([op], bundler)
const include = async (op: UserOperation) => {
  const hash = await arena.wallets.anyone.sendTransaction({
    to: entryPoint08Address,
    data: bundle(op),
  })
  return { hash, receipt: await arena.publicClient.getTransactionReceipt({ hash }) }
}
const refused = async (op: UserOperation) => {
  const refusal = await arena.refusedRaw(bundler, entryPoint08Address, bundle(op))
  return refusal?.args[1]
}
const usdcJob = (amount: bigint): Call[] => {
  const { usdc, marketplace } = arena.book
  const details = {
    ...{ modelId: 'llama-70b', prompt: 'bafkreiprompt', maxTokens: 100n, temperature: 700n },
    ...{ seed: 42n, resultFormat: 'json' },
  }
  const requirements = {
    ...{ minGPUMemory: 16n, minReputationScore: 0n, maxTimeToComplete: 3_600n },
    requiresProof: false,
  }
  return [
    { to: usdc, data: arena.encode('usdc', 'approve', [marketplace, amount]) },
    {
      to: marketplace,
      data: arena.encode('marketplace', 'postJobWithToken', [details, requirements, usdc, amount]),
    },
  ]
}

describe('X-55 the SDK’s operations are real', () => {
  test(
    'nonce, signature, fees and hash are those that the EntryPoint accepts, and no other',
    apart(async () => {
      const first = await operation(...usdcJob(parseUnits('1', 6)))
      expect(first.factory).toBe(arena.book.deployments[0]?.accountFactory)
      await arena.harmless([account.address], async () => {
        expect(await refused({ ...first, signature: '0x' })).toBe('AA24 signature error')
        const stub = await account.getStubSignature()
        expect(stub).toHaveLength(first.signature.length)
        expect(await refused({ ...first, signature: stub })).toBe('AA24 signature error')
        expect(await refused({ ...first, callGasLimit: 0x1000000n })).toBe('AA24 signature error')
      })
      const { hash, receipt } = await include(first)
      expect(await arena.read('marketplace', 'lastJobId')).toBe(1n)
      const [event] = await arena.publicClient.getContractEvents({
        address: entryPoint08Address,
        abi: entryPoint08Abi,
        eventName: 'UserOperationEvent',
        fromBlock: receipt.blockNumber,
        strict: true,
      })
      // What it was signed for, and not the hash of the transaction.
      expect(event?.args.userOpHash).toBe(adapter().hash(first, arena.book.chainId))
      expect(event?.args.userOpHash).not.toBe(hash)

      const second = await operation(...usdcJob(parseUnits('1', 6)))
      expect(second.nonce).toBe(first.nonce + 1n)
      expect(second.factory).toBeUndefined()
      await arena.harmless([account.address], async () => {
        expect(await refused(first)).toBe('AA10 sender already constructed')
        expect(await refused({ ...second, nonce: first.nonce })).toBe('AA25 invalid account nonce')
      })
      await include(second)
      expect(await arena.read('marketplace', 'lastJobId')).toBe(2n)
    }),
  )
})

describe('X-56 the SDK speaks to the contracts that are deployed', () => {
  test('every ABI is that of the compiled contract', async () => {
    const generated = new Map<string, Abi>(Object.entries(abis) as [string, Abi][])
    for (const name of artifactNames) {
      const key = `${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`
      const artifact = await readArtifact(name)
      expect(generated.get(key), name).toEqual(artifact.abi)
    }
  })

  test('every address has code, and none is a placeholder', async () => {
    const { deployments, otherSponsors = [], chainId: _, ...book } = arena.book
    const addresses = [
      ...Object.values(book),
      ...deployments.flatMap((one) => Object.values(one)),
      ...otherSponsors.map(({ sponsorPaymaster }) => sponsorPaymaster),
    ]
    const all = addresses.filter((value): value is Address => isAddress(String(value)))
    expect(all.length).toBeGreaterThan(20)
    expect(all).not.toContain(zeroAddress)
    for (const address of all) {
      const code = await arena.publicClient.getCode({ address })
      expect(code?.length ?? 0, address).toBeGreaterThan(100)
    }
  })

  test(
    'approval and job are one operation: a job that fails leaves no approval behind',
    apart(async () => {
      await include(await operation(...usdcJob(parseUnits('1', 6))))
      const allowance = () =>
        arena.read('usdc', 'allowance', [account.address, arena.book.marketplace])
      expect(await allowance()).toBe(0n)
      await arena.harmless([account.address], async () => {
        // More than the account has.
        const { receipt } = await include(await operation(...usdcJob(parseUnits('1000', 6))))
        expect(receipt.status).toBe('success')
      })
      expect(await allowance()).toBe(0n)
      const data = encodeFunctionData({
        abi: entryPoint08Abi,
        functionName: 'getNonce',
        args: [account.address, 0n],
      })
      const { data: nonce } = await arena.publicClient.call({ to: entryPoint08Address, data })
      expect(BigInt(nonce ?? 0)).toBe(2n)
    }),
  )
})
