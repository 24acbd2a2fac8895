import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { network } from 'hardhat'
import solc from 'solc'
import {
  type Address,
  encodeAbiParameters,
  encodePacked,
  type Hex,
  hexToBigInt,
  keccak256,
  parseAbi,
  parseAbiParameters,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'

/** Order of the scalar field of BN254. */
const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n

type Proof = {
  name: string
  chainId: number
  marketplace: Address
  jobId: number
  host: Address
  cumulativeTokens: number
  instances: Hex[]
  proof: Hex
}
type Fixture = {
  layout: { count: number; binding: number; inputs: number; outputs: number }
  modelCommitment: Hex
  vkHash: Hex
  verifierCreationCode: Hex
  proofs: Record<string, Proof>
}
type Code = { object: string }
type Compiled = {
  contracts: Record<string, Record<string, { evm: { bytecode: Code; deployedBytecode: Code } }>>
}
type Case = { name: string; features: number[] }

const folder = join(import.meta.dirname, '../fixtures/ezkl')
const fixture = JSON.parse(await readFile(join(folder, 'proofs.json'), 'utf8')) as Fixture
const cases = JSON.parse(await readFile(join(folder, 'cases.json'), 'utf8')) as Case[]

const inField = (hash: Hex) => hexToBigInt(hash) % order
const hashOf = (values: bigint[]) => inField(keccak256(encodePacked(['uint256[]'], [values])))
const instancesOf = (proof: Proof) => proof.instances.map((value) => hexToBigInt(value))

/** The perceptron of make.py, written a second time. */
function scoresOf(features: number[]) {
  const layer = (input: number[], weights: number[][], biases: number[]) =>
    biases.map((bias, column) =>
      input.reduce((sum, value, row) => sum + value * (weights[row]?.[column] ?? 0), bias),
    )
  const first = [
    [1, -1, 2],
    [0, 1, -1],
    [2, 0, 1],
    [-1, 1, 0],
  ]
  const second = [
    [1, -2],
    [2, 1],
    [-1, 1],
  ]
  const hidden = layer(features, first, [1, 0, -1]).map((value) => Math.max(value, 0))
  return layer(hidden, second, [0, 1])
}

const felt = (value: number) => (BigInt(value) + order) % order

describe('the EZKL fixture', () => {
  test('its verifier is what the generated source compiles to', async () => {
    const content = await readFile(join(folder, 'Halo2Verifier.sol'), 'utf8')
    const request = {
      language: 'Solidity',
      sources: { 'Halo2Verifier.sol': { content } },
      settings: {
        evmVersion: 'cancun',
        optimizer: { enabled: true, runs: 1 },
        metadata: { bytecodeHash: 'none' },
        outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.deployedBytecode.object'] } },
      },
    }
    const { contracts } = JSON.parse(solc.compile(JSON.stringify(request))) as Compiled
    const evm = contracts['Halo2Verifier.sol']?.Halo2Verifier?.evm
    expect(`0x${evm?.bytecode.object}`).toBe(fixture.verifierCreationCode)
    expect(keccak256(`0x${evm?.deployedBytecode.object}`)).toBe(fixture.vkHash)
  })

  test.each(Object.values(fixture.proofs))('$name says what it proves', (proof) => {
    const instances = instancesOf(proof)
    const { count, binding, inputs, outputs } = fixture.layout
    const features = cases.find(({ name }) => name === proof.name)?.features ?? []
    expect(instances).toHaveLength(count)
    expect(instances.slice(inputs, outputs)).toEqual(features.map(felt))
    expect(instances.slice(outputs)).toEqual(scoresOf(features).map(felt))
    expect(instances.slice(0, 3)).toEqual([
      hexToBigInt(fixture.modelCommitment),
      hashOf(instances.slice(inputs, outputs)),
      hashOf(instances.slice(outputs)),
    ])
    const bound = encodeAbiParameters(
      parseAbiParameters('uint256, address, uint256, address, uint256, bytes32'),
      [
        BigInt(proof.chainId),
        proof.marketplace,
        BigInt(proof.jobId),
        proof.host,
        BigInt(proof.cumulativeTokens),
        fixture.modelCommitment,
      ],
    )
    expect(instances[binding]).toBe(inField(keccak256(bound)))
  })
})

describe('the generated verifier', () => {
  const abi = parseAbi(['function verifyProof(bytes, uint256[]) view returns (bool)'])
  let verify: (proof: Hex, instances: bigint[]) => Promise<boolean>
  beforeAll(async () => {
    const { viem } = await network.connect()
    const client = await viem.getPublicClient()
    const [wallet] = await viem.getWalletClients()
    if (!wallet) throw new Error('the chain has no account')
    const hash = await wallet.deployContract({ abi, bytecode: fixture.verifierCreationCode })
    const { contractAddress } = await client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('the verifier was not deployed')
    expect(keccak256((await client.getCode({ address: contractAddress })) ?? '0x')).toBe(
      fixture.vkHash,
    )
    verify = (proof, instances) =>
      client.readContract({
        address: contractAddress,
        abi,
        functionName: 'verifyProof',
        args: [proof, instances],
      })
  })

  test.each(Object.values(fixture.proofs))('it accepts $name', async (proof) => {
    expect(await verify(proof.proof, instancesOf(proof))).toBe(true)
  })

  test('it reverts on another output', async () => {
    const [proof] = Object.values(fixture.proofs)
    if (!proof) throw new Error('no proof')
    const instances = instancesOf(proof)
    instances[fixture.layout.outputs] = 0n
    await expect(verify(proof.proof, instances)).rejects.toThrow()
  })
})
