import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ArtifactName, artifactNames, readArtifact } from '@fabstir/contracts/deploy'
import {
  type Abi,
  type AbiFunction,
  type Address,
  decodeErrorResult,
  encodeFunctionData,
  type Hex,
  isHex,
  numberToHex,
  toFunctionSignature,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'
import { sampleArgument } from '../fixtures/sampleArguments.ts'
import { type Role, type Rule, roles, type Scene } from './access/rules.ts'
import { setScene } from './access/setScene.ts'
import { accessMatrix } from './accessMatrix.ts'

type Chain = Awaited<ReturnType<typeof hardhatDeployment>>
type Called = AbiFunction | 'receive'

const roleNames = Object.keys(roles) as Role[]

let chain: Chain
let scene: Scene
/** Errors of every contract: a call may be refused by the contract behind it. */
let allErrors: Abi
beforeAll(async () => {
  chain = await hardhatDeployment()
  scene = await setScene(chain)
  const abis = await Promise.all(artifactNames.map(async (name) => (await readArtifact(name)).abi))
  allErrors = abis.flat().filter(({ type }) => type === 'error')
})

/** Where a contract of the table is called; for accounts, one of a user. */
function targetOf(contract: ArtifactName): Address {
  if (contract === 'FabstirAccount') return scene.addresses.account
  const found = chain.deployment.contracts.find(({ name }) => name === contract)
  if (!found) throw new RangeError(`${contract} is not deployed`)
  return found.address
}

/** Changing functions of a contract by the name of their line. */
async function functionsOf(contract: ArtifactName): Promise<Map<string, Called>> {
  const { abi } = await readArtifact(contract)
  const changing = abi.filter(
    (item): item is AbiFunction =>
      item.type === 'function' &&
      item.stateMutability !== 'view' &&
      item.stateMutability !== 'pure',
  )
  const lines = new Map<string, Called>()
  for (const item of changing) {
    const overloaded = changing.filter(({ name }) => name === item.name).length > 1
    lines.set(overloaded ? toFunctionSignature(item) : item.name, item)
  }
  if (abi.some(({ type }) => type === 'receive' || type === 'fallback'))
    lines.set('receive', 'receive')
  return lines
}

const functionOf = (line: string) => line.split(':')[0] ?? line

/** Name of the error that a call of `caller` ends with; `undefined` when it succeeds. */
function errorOf(contract: ArtifactName, item: Called, rule: Rule, caller: Address) {
  const to = targetOf(contract)
  const value = rule.value?.(scene) ?? (item === 'receive' ? 1n : 0n)
  if (item === 'receive') return errorOfCall({ from: caller, to, value })
  const args = rule.args?.(scene, caller) ?? item.inputs.map(sampleArgument)
  const data = encodeFunctionData({ abi: [item], functionName: item.name, args })
  return errorOfCall({ from: caller, to, value, data })
}

async function errorOfCall(call: {
  from: Address
  to: Address
  value: bigint
  data?: Hex
}): Promise<string | undefined> {
  try {
    await chain.publicClient.request(
      { method: 'eth_call', params: [{ ...call, value: numberToHex(call.value) }, 'latest'] },
      { retryCount: 0 },
    )
    return undefined
  } catch (error) {
    const data = revertDataOf(error)
    if (data === undefined) throw error
    return data === '0x' ? 'no reason' : decodeErrorResult({ abi: allErrors, data }).errorName
  }
}

/** Hardhat gives the data of a revert itself, or in an object beside its reason. */
function revertDataOf(error: unknown): Hex | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { data } = cause as { data?: unknown }
    if (isHex(data)) return data
    const inner = (data as { data?: unknown } | undefined)?.data
    if (isHex(inner)) return inner
  }
  return undefined
}

async function pass(seconds: number) {
  await chain.testClient.increaseTime({ seconds })
  await chain.testClient.mine({ blocks: 1 })
}

const mayPass = ({ allowed }: Rule, role: Role) => allowed === 'anyone' || allowed.includes(role)
const refusalsOf = (rule: Rule): readonly string[] =>
  rule.allowed === 'anyone' ? [] : [rule.refusal].flat()

test('[X-04] the table has a line for every function that changes something, and no other', async () => {
  for (const contract of artifactNames) {
    const functions = [...(await functionsOf(contract)).keys()]
    const lines = new Set(Object.keys(accessMatrix[contract]).map(functionOf))
    expect([...lines].toSorted(), contract).toEqual(functions.toSorted())
  }
})

test('the documentation shows this table', async () => {
  const script = join(import.meta.dirname, '../../contracts/scripts/generateAccessMatrix.ts')
  await promisify(execFile)(process.execPath, [script, '--check'])
})

test('rows without an address of their own would say nothing', () => {
  expect(new Set(Object.values(scene.addresses)).size).toBe(roleNames.length)
})

test('[X-04] code that others run as their own takes no owner', async () => {
  const closed: string[] = []
  for (const { name, address, proxy } of chain.deployment.contracts) {
    const { abi } = await readArtifact(name as ArtifactName)
    const item = abi.find((one) => one.type === 'function' && one.name === 'initialize')
    if (item?.type !== 'function') continue
    const args = proxy?.initializerArgs ?? item.inputs.map(sampleArgument)
    const error = await errorOfCall({
      from: scene.addresses.stranger,
      to: proxy?.implementation ?? address,
      value: 0n,
      data: encodeFunctionData({ abi: [item], args }),
    })
    expect(error, name).toMatch(/^(InvalidInitialization|AccountAlreadyDeployed)$/)
    closed.push(name)
  }
  expect(closed).toContain('JobMarketplaceGovernance')
  expect(closed.length).toBe(new Set([...closed]).size)
})

describe.each(artifactNames)('%s', { timeout: 180_000 }, (contract) => {
  test('[X-04] lets in exactly who has business there', async () => {
    const functions = await functionsOf(contract)
    const wrong: string[] = []
    for (const [line, rule] of Object.entries(accessMatrix[contract])) {
      const item = functions.get(functionOf(line))
      if (!item) continue
      const [refusals, ends] = [refusalsOf(rule), rule.ends ?? []]
      const met = new Set<string>()
      const snapshot = rule.later ? await chain.testClient.snapshot() : undefined
      if (rule.later) await pass(rule.later)
      for (const role of roleNames) {
        const error = await errorOf(contract, item, rule, scene.addresses[role])
        const right = mayPass(rule, role)
          ? error === undefined || (ends.includes(error) && !refusals.includes(error))
          : error !== undefined && refusals.includes(error)
        if (error !== undefined) met.add(error)
        if (!right) wrong.push(`${line} by ${role}: ${error ?? 'passes'}`)
      }
      if (snapshot) await chain.testClient.revert({ id: snapshot })
      for (const error of [...refusals, ...ends]) {
        if (!met.has(error)) wrong.push(`${line}: nobody gets ${error}`)
      }
    }
    expect(wrong).toEqual([])
  })
})
