import type { Abi, AbiFunction, Address, Hex, PublicClient } from 'viem'
import type { ContractRecord, DeploymentFile } from '../../addressBook.ts'
import type { Artifact, CodeName } from '../../deploy/artifact.ts'

/** What the checks ask of the chain. */
export type ChainReader = Pick<
  PublicClient,
  'getCode' | 'getStorageAt' | 'readContract' | 'getLogs' | 'getBlockNumber' | 'getChainId'
>

export type VerifyContext = {
  publicClient: ChainReader
  deployment: DeploymentFile
  readArtifact: (name: CodeName) => Promise<Artifact>
}

/** A contract of the deployment with its compiled form. */
export type Subject = { record: ContractRecord; artifact: Artifact }

/** All contracts of the deployment. */
export function subjectsOf({ deployment, readArtifact }: VerifyContext): Promise<Subject[]> {
  return Promise.all(
    deployment.contracts.map(async (record) => ({
      record,
      artifact: await readArtifact(record.name as CodeName),
    })),
  )
}

/** The view function `name` without arguments that returns one value of `type`, if the ABI has it. */
export function getter(abi: Abi, name: string, type: string): AbiFunction | undefined {
  return gettersOf(abi, type).find((item) => item.name === name)
}

/** All view functions without arguments that return one value of `type`. */
export function gettersOf(abi: Abi, type: string): AbiFunction[] {
  return abi.filter(
    (item): item is AbiFunction =>
      item.type === 'function' &&
      (item.stateMutability === 'view' || item.stateMutability === 'pure') &&
      item.inputs.length === 0 &&
      item.outputs.length === 1 &&
      item.outputs[0]?.type === type,
  )
}

/** Reads a view function; what it reverts with becomes the value, so that a check shows it. */
export async function read(
  { publicClient }: Pick<VerifyContext, 'publicClient'>,
  { record, artifact }: Subject,
  functionName: string,
  args: readonly unknown[] = [],
): Promise<unknown> {
  return publicClient
    .readContract({ address: record.address, abi: artifact.abi, functionName, args })
    .catch((error: { shortMessage?: string }) => `reverts: ${error.shortMessage ?? error}`)
}

/** ERC-1967: where a proxy keeps the address of its implementation. */
const implementationSlot: Hex = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'

export async function implementationOf(
  { publicClient }: Pick<VerifyContext, 'publicClient'>,
  proxy: Address,
): Promise<Address> {
  const word = await publicClient.getStorageAt({ address: proxy, slot: implementationSlot })
  return `0x${(word ?? '0x').slice(-40).padStart(40, '0')}`
}
