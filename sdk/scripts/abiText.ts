import { join } from 'node:path'
import * as abis from '@fabstir/contracts/abi'
import type { Abi, AbiEvent, AbiFunction, AbiParameter } from 'viem'

/** Contracts whose functions and events the actions use, by the name of their file. */
const contracts = {
  buyback: abis.buybackAbi,
  dynamicPricing: abis.dynamicPricingAbi,
  emergencyGuardian: abis.emergencyGuardianAbi,
  fabToken: abis.fabTokenAbi,
  fabstirAccount: abis.fabstirAccountAbi,
  fabstirAccountFactory: abis.fabstirAccountFactoryAbi,
  fabstirGovernor: abis.fabstirGovernorAbi,
  jobMarketplace: abis.jobMarketplaceAbi,
  modelRegistry: abis.modelRegistryAbi,
  nodeRegistry: abis.nodeRegistryAbi,
  parameterGuard: abis.parameterGuardAbi,
  proofSystem: abis.proofSystemAbi,
  reputationSystem: abis.reputationSystemAbi,
  revenueSplitter: abis.revenueSplitterAbi,
  stakersPool: abis.stakersPoolAbi,
  subscriptions: abis.subscriptionsAbi,
  timelock: abis.timelockAbi,
  votesAdapter: abis.votesAdapterAbi,
} as const satisfies Record<string, Abi>

/** A generated file of the SDK. */
export type GeneratedFile = { name: string; path: string; text: string }

const folder = join(import.meta.dirname, '../src/contracts/generated')

/** Contracts that only actions of their own group call; their errors come with them. */
const withErrors = {
  buyback: abis.buybackAbi,
  emergencyGuardian: abis.emergencyGuardianAbi,
  fabstirGovernor: abis.fabstirGovernorAbi,
  parameterGuard: abis.parameterGuardAbi,
  revenueSplitter: abis.revenueSplitterAbi,
  stakersPool: abis.stakersPoolAbi,
  subscriptions: abis.subscriptionsAbi,
  timelock: abis.timelockAbi,
  votesAdapter: abis.votesAdapterAbi,
} as const satisfies Record<string, Abi>

/** Contracts that a proposal of the governor can reach, beside those above. */
const governed = {
  buyback: abis.buybackAbi,
  ezklVerifier: abis.ezklVerifierAbi,
  proxyDeployer: abis.proxyDeployerAbi,
  revenueSplitter: abis.revenueSplitterAbi,
  topUpVault: abis.topUpVaultAbi,
} as const satisfies Record<string, Abi>

/**
 * The ABIs as text (decision 80): of each contract one constant for each name of a function or an event, so that a
 * bundler keeps what is used; of all contracts the custom errors, in the lists of {@link errorLists}.
 */
export function generatedFiles(): GeneratedFile[] {
  const lists = errorLists()
  const files = Object.entries(contracts).map(([name, abi]) => ({
    name,
    text: contractText(name, abi, lists.get(name)),
  }))
  for (const name of ['commonErrors', 'governedErrors'])
    files.push({ name, text: `export const ${name} = ${errorsText(lists.get(name) ?? [])}\n` })
  return files.map((file) => ({ ...file, path: join(folder, `${file.name}.ts`) }))
}

/** Signatures of the custom errors: common ones, those of contracts with a list of their own, those of governed ones. */
export function errorLists(): ReadonlyMap<string, readonly string[]> {
  const isCommon = (name: string) =>
    ![...Object.keys(withErrors), ...Object.keys(governed)].includes(name.replace(/Abi$/, ''))
  const common = errorsOf(
    Object.entries(abis).flatMap(([name, abi]): Abi => (isCommon(name) ? abi : [])),
  )
  const others = (abi: Abi) => errorsOf(abi).filter((signature) => !common.includes(signature))
  return new Map([
    // Errors of the EntryPoint, which carry the data of a call below them, and those of Solidity itself.
    ['commonErrors', [...entryPointErrors, ...solidityErrors, ...common]],
    ...Object.entries(withErrors).map(([name, abi]) => [name, others(abi)] as const),
    ['governedErrors', others(Object.values(governed).flat())],
  ])
}

const entryPointErrors = [
  'FailedOpWithRevert(uint256,string,bytes)',
  'PostOpReverted(bytes)',
  'DelegateAndRevert(bool,bytes)',
  // Accounts of EntryPoint 0.8 and later, around the call of a batch that reverted.
  'ExecuteError(uint256,bytes)',
]
const solidityErrors = ['Error(string)', 'Panic(uint256)']

function contractText(contract: string, abi: Abi, errors: readonly string[] | undefined): string {
  const items = abi.filter(
    (item): item is AbiFunction | AbiEvent => item.type === 'function' || item.type === 'event',
  )
  const constants = Object.entries(Object.groupBy(items, ({ name }) => name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, overloads = []]) => {
      const signatures = overloads.map((item) => `\n  '${itemText(item)}',`)
      return `export const ${name}: AbiText<AbiItem<Abi, '${name}'>> = [${signatures.join('')}\n]\n`
    })
  const imports = [
    `import type { ${contract}Abi } from '@fabstir/contracts/abi'`,
    `import type { AbiItem, AbiText } from '../abiText.ts'`,
    ...(errors ? [`import { knowErrors } from '../knownErrors.ts'`] : []),
    '',
    `type Abi = typeof ${contract}Abi`,
    '',
    ...(errors ? [`knowErrors(${errorsText(errors)})\n`] : []),
  ]
  return [...imports, ...constants].join('\n')
}

/** Errors by the types of their values, which are written once: a line has the types, and the names behind them. */
function errorsText(signatures: readonly string[]): string {
  const parts = signatures.map((signature) => /^(\w+)\((.*)\)$/.exec(signature) ?? [])
  const lines = Object.entries(Object.groupBy(parts, ([, , types = '']) => types))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([types, errors = []]) => `${[types, ...errors.map(([, name]) => name)].join(' ')}\n`)
  return `\`\n${lines.join('')}\``
}

/** Signatures of the errors of an ABI, each once, in their order. */
function errorsOf(abi: Abi): string[] {
  const errors = abi.filter((item) => item.type === 'error')
  const signatures = errors.map(({ name, inputs }) => `${name}(${typesText(inputs)})`)
  return [...new Set(signatures)].toSorted()
}

/** Of a function only what encodes and decodes: neither names of its parameters nor whether it changes state. */
function itemText(item: AbiFunction | AbiEvent): string {
  if (item.type === 'event') return `event ${item.name}(${parametersText(item.inputs)})`
  const { name, inputs, outputs } = item
  const returns = outputs.length === 0 ? '' : ` returns (${unnamedText(outputs)})`
  return `function ${name}(${unnamedText(inputs)})${returns}`
}

const unnamedText = (parameters: readonly AbiParameter[]): string =>
  parametersText(parameters.map(withoutName))

export function withoutName({ name: _, ...parameter }: AbiParameter): AbiParameter {
  return parameter as AbiParameter
}

const parametersText = (parameters: readonly AbiParameter[]): string =>
  parameters.map(parameterText).join(', ')

function parameterText(parameter: AbiParameter): string {
  const { type, name } = parameter
  const plain =
    'components' in parameter
      ? `(${parametersText(parameter.components)})${type.slice('tuple'.length)}`
      : type
  const indexed = 'indexed' in parameter && parameter.indexed ? ' indexed' : ''
  return `${plain}${indexed}${name ? ` ${name}` : ''}`
}

/** Without names: of an error only the values count. */
const typesText = (parameters: readonly AbiParameter[]): string =>
  parameters
    .map((parameter) =>
      'components' in parameter
        ? `(${typesText(parameter.components)})${parameter.type.slice('tuple'.length)}`
        : parameter.type,
    )
    .join(',')
