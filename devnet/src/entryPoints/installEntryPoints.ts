import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { EntryPointAdapter, EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import {
  bytesToHex,
  concat,
  createTestClient,
  http,
  numberToHex,
  pad,
  parseEther,
  publicActions,
  toFunctionSelector,
  walletActions,
} from 'viem'

export type InstallEntryPointsParameters = {
  /** An anvil: code is set and an account impersonated. */
  rpcUrl: string
}

const require = createRequire(import.meta.url)

/** The deterministic deployer that anvil, like most chains, starts with. */
const deterministicDeployer: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

/** Sends the deployments, so that no account of the chain's own loses a nonce. */
const installer: Address = '0x00000000000000000000000000000000456e7472'

/** Creation code and salt that give the canonical address. */
const deployments: { version: EntryPointVersion; artifact: string; salt: Hex }[] = [
  {
    version: '0.6',
    artifact: '@account-abstraction/contracts-v06/artifacts/EntryPoint.json',
    salt: pad('0x00'),
  },
  {
    version: '0.7',
    artifact: '@account-abstraction/contracts-v07/artifacts/EntryPoint.json',
    salt: '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3',
  },
  {
    version: '0.8',
    artifact: '@account-abstraction/contracts/artifacts/EntryPoint.json',
    salt: '0x0a59dbff790c23c976a548690c27297883cc66b4c67024f9117b0238995e35e9',
  },
]

/** npm has no creation code of the released 0.9; its runtime code, and that of its SenderCreator, is set. */
const predeployed: Address[] = [
  '0x433709009B8330FDa32311DF1C2AFA402eD8D009',
  '0x0A630a99Df908A81115A3022927Be82f9299987e',
]

/**
 * Puts the canonical EntryPoints 0.6, 0.7, 0.8 and 0.9 on a fresh anvil and checks that each of them
 * hashes an operation as its adapter does. An EntryPoint that is already there is left alone.
 * @throws EntryPointInstallError when an address has no code or hashes differently.
 */
export async function installEntryPoints({ rpcUrl }: InstallEntryPointsParameters): Promise<void> {
  const chain = chainClient(rpcUrl)

  await chain.impersonateAccount({ address: installer })
  await chain.setBalance({ address: installer, value: parseEther('10') })
  for (const { version, artifact, salt } of deployments) {
    if (await hasCode(chain, adapterOf(version).address)) continue
    const hash = await chain.sendTransaction({
      account: installer,
      chain: null,
      to: deterministicDeployer,
      data: concat([salt, await creationCode(artifact)]),
    })
    await chain.mine({ blocks: 1 })
    await chain.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  }
  await chain.stopImpersonatingAccount({ address: installer })

  for (const address of predeployed) {
    if (await hasCode(chain, address)) continue
    await chain.setCode({ address, bytecode: await predeployedCode(address) })
  }

  const chainId = await chain.getChainId()
  for (const adapter of entryPointAdapters) await checkEntryPoint(chain, adapter, chainId)
}

async function checkEntryPoint(
  chain: ChainClient,
  adapter: EntryPointAdapter,
  chainId: number,
): Promise<void> {
  if (!(await hasCode(chain, adapter.address)))
    throw new EntryPointInstallError(adapter, 'there is no code at its address')
  const op = sampleOperation(adapter)
  const { data } = await chain.call({
    to: adapter.address,
    // One dynamic tuple: a word with its offset, then the tuple.
    data: concat([
      getUserOpHashSelector(adapter),
      numberToHex(32, { size: 32 }),
      adapter.encodeOperation(op),
    ]),
  })
  const expected = adapter.hash(op, chainId)
  if (data !== expected)
    throw new EntryPointInstallError(
      adapter,
      `getUserOpHash is ${data}, its adapter says ${expected}`,
    )
}

/** The code found at an EntryPoint's address is not that EntryPoint. */
export class EntryPointInstallError extends Error {
  override name = 'EntryPointInstallError'
  address: Address

  constructor(adapter: EntryPointAdapter, reason: string) {
    super(`EntryPoint ${adapter.version} at ${adapter.address}: ${reason}`)
    this.address = adapter.address
  }
}

function getUserOpHashSelector(adapter: EntryPointAdapter): Hex {
  const item = adapter.abi.find(
    (entry) => entry.type === 'function' && entry.name === 'getUserOpHash',
  )
  if (item?.type !== 'function')
    throw new EntryPointInstallError(adapter, 'no getUserOpHash in its ABI')
  return toFunctionSelector(item)
}

/** All fields that its version knows are used, so that a wrong hash cannot hide in an empty one. */
function sampleOperation(adapter: EntryPointAdapter): UserOperation {
  return {
    sender: '0x1111111111111111111111111111111111111111',
    nonce: (7n << 64n) | 3n,
    factory: '0x2222222222222222222222222222222222222222',
    factoryData: '0x0102',
    callData: '0xdeadbeef',
    callGasLimit: 100_001n,
    verificationGasLimit: 100_002n,
    preVerificationGas: 100_003n,
    maxFeePerGas: 1_000_000_007n,
    maxPriorityFeePerGas: 1_000_000_006n,
    paymaster: '0x3333333333333333333333333333333333333333',
    ...(adapter.supports.paymasterGasLimits
      ? { paymasterVerificationGasLimit: 100_004n, paymasterPostOpGasLimit: 100_005n }
      : {}),
    paymasterData: '0x0a0b0c',
    ...(adapter.supports.paymasterSignature ? { paymasterSignature: '0xfefdfc' } : {}),
    signature: '0x99',
  }
}

function adapterOf(version: EntryPointVersion): EntryPointAdapter {
  const adapter = entryPointAdapters.find((candidate) => candidate.version === version)
  if (!adapter) throw new RangeError(`no EntryPoint adapter for version ${version}`)
  return adapter
}

async function creationCode(artifact: string): Promise<Hex> {
  const { bytecode } = JSON.parse(await readFile(require.resolve(artifact), 'utf8')) as {
    bytecode: Hex
  }
  return bytecode
}

async function predeployedCode(address: Address): Promise<Hex> {
  const file = require.resolve(`hardhat-predeploy/bin/${address}.bytecode`)
  return bytesToHex(await readFile(file))
}

async function hasCode(chain: ChainClient, address: Address): Promise<boolean> {
  const code = await chain.getCode({ address })
  return code !== undefined && code !== '0x'
}

type ChainClient = ReturnType<typeof chainClient>

function chainClient(rpcUrl: string) {
  return createTestClient({ mode: 'anvil', transport: http(rpcUrl) })
    .extend(publicActions)
    .extend(walletActions)
}
