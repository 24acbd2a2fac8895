import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Address, type Hash, type Hex, keccak256 } from 'viem'
import type { ContractRecord, DeployedContract, DeploymentFile } from '../addressBook.ts'
import type { DeployClients } from './create2.ts'

/** `deployments/<chainId>.json` of this repository. */
export const deploymentPath = (chainId: number) =>
  join(import.meta.dirname, `../../deployments/${chainId}.json`)

type Reader = Pick<DeployClients['publicClient'], 'getCode' | 'getBlockNumber'>

/** Adds to what a run deployed what the chain says of it: code hashes, and blocks of earlier runs. */
export async function recordContracts(
  publicClient: Reader,
  contracts: readonly DeployedContract[],
  earlier: readonly ContractRecord[] = [],
): Promise<ContractRecord[]> {
  const blocks = new Map(earlier.map(({ address, block }) => [address, block]))
  const records: ContractRecord[] = []
  for (const { block, deployed: _, proxy, constructorArgs, ...contract } of contracts) {
    const { address } = contract
    const known = block?.toString() ?? blocks.get(address)
    records.push({
      ...contract,
      block: known ?? `${await findDeploymentBlock(publicClient, address)}`,
      codeHash: await codeHashAt(publicClient, address),
      constructorArgs: plainArgs(constructorArgs),
      ...(proxy && {
        proxy: { ...proxy, initializerArgs: plainArgs(proxy.initializerArgs) },
        implementationCodeHash: await codeHashAt(publicClient, proxy.implementation),
      }),
    })
  }
  return records
}

/** First block in which `address` has code, by bisection; needs a node that keeps old states. */
export async function findDeploymentBlock(publicClient: Reader, address: Address): Promise<bigint> {
  let [without, within] = [-1n, await publicClient.getBlockNumber()]
  while (within - without > 1n) {
    const middle = (within + without) / 2n
    const code = await publicClient.getCode({ address, blockNumber: middle })
    if (code === undefined || code === '0x') without = middle
    else within = middle
  }
  return within
}

async function codeHashAt(publicClient: Reader, address: Address): Promise<Hash> {
  const code: Hex = (await publicClient.getCode({ address })) ?? '0x'
  return keccak256(code)
}

function plainArgs(args: readonly unknown[]): readonly unknown[] {
  return JSON.parse(
    JSON.stringify(args, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
  )
}

/** Reads a deployment file; `undefined` when there is none. */
export async function readDeploymentFile(path: string): Promise<DeploymentFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const file = JSON.parse(text) as Partial<DeploymentFile>
  if (!file.addressBook || !Array.isArray(file.contracts) || !file.deployer) {
    throw new TypeError(`${path} is not a deployment file: addressBook, deployer, contracts`)
  }
  return file as DeploymentFile
}

/** Writes a deployment file whole or not at all. */
export async function writeDeploymentFile(path: string, file: DeploymentFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const partial = `${path}.partial`
  await writeFile(partial, `${JSON.stringify(file, null, 2)}\n`)
  await rename(partial, path)
}
