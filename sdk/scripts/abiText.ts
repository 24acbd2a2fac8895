import { join } from 'node:path'
import * as abis from '@fabstir/contracts/abi'
import type { Abi, AbiEvent, AbiFunction, AbiParameter } from 'viem'

/** Contracts whose functions and events the actions use, by the name of their file. */
const contracts = {
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
  stakersPool: abis.stakersPoolAbi,
  subscriptions: abis.subscriptionsAbi,
  timelock: abis.timelockAbi,
  votesAdapter: abis.votesAdapterAbi,
} as const satisfies Record<string, Abi>

/** A generated file of the SDK. */
export type GeneratedFile = { name: string; path: string; text: string }

const folder = join(import.meta.dirname, '../src/contracts/generated')

/**
 * The ABIs as text (decision 80): of each contract one constant for each name of a function or an event, so that a
 * bundler keeps what is used; of all contracts the custom errors.
 */
export function generatedFiles(): GeneratedFile[] {
  const files = Object.entries(contracts).map(([name, abi]) => ({
    name,
    text: contractText(name, abi),
  }))
  files.push({ name: 'errors', text: errorsText(Object.values(abis)) })
  return files.map((file) => ({ ...file, path: join(folder, `${file.name}.ts`) }))
}

function contractText(contract: string, abi: Abi): string {
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
    '',
    `type Abi = typeof ${contract}Abi`,
    '',
  ]
  return [...imports, ...constants].join('\n')
}

function errorsText(all: readonly Abi[]): string {
  const errors = all.flatMap((abi) => abi.filter((item) => item.type === 'error'))
  const signatures = new Set(errors.map(({ name, inputs }) => `${name}(${typesText(inputs)})`))
  const lines = [...signatures].toSorted().map((signature) => `${signature}\n`)
  return `/** Custom errors of all contracts, one a line. */\nexport const errorSignatures = \`\n${lines.join('')}\`\n`
}

function itemText(item: AbiFunction | AbiEvent): string {
  if (item.type === 'event') return `event ${item.name}(${parametersText(item.inputs)})`
  const { name, inputs, outputs, stateMutability } = item
  const mutability = stateMutability === 'nonpayable' ? '' : ` ${stateMutability}`
  const returns = outputs.length === 0 ? '' : ` returns (${parametersText(outputs)})`
  return `function ${name}(${parametersText(inputs)})${mutability}${returns}`
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
