import type { OptionRow, OptionSection } from '@fabstir/service'
import { helpLines, sectionsOf } from '@fabstir/service'
import { groupOf, optionGroups } from './groups.ts'
import type { OptionName } from './names.ts'
import { environmentName, environmentPrefix, flagName, optionNames } from './names.ts'
import { jsonOptions, secretOptions, serviceConfigSchema } from './schema.ts'

/** Every option under its heading, in the order of the schema. */
export function optionSections(): OptionSection[] {
  return sectionsOf(optionNames, { groups: optionGroups, groupOf, rowOf })
}

function rowOf(name: OptionName): OptionRow {
  const schema = serviceConfigSchema.shape[name]
  const defaultValue = defaultOf(name)
  return {
    label: secretOptions.has(name) ? environmentName(name) : `--${flagName(name)}`,
    description: `${schema.description ?? ''}${jsonOptions.has(name) ? ' (JSON)' : ''}`,
    ...(defaultValue === undefined ? {} : { defaultValue }),
  }
}

function defaultOf(name: OptionName): string | undefined {
  const { data } = serviceConfigSchema.shape[name].safeParse(undefined)
  // Empty lists and maps are no values that somebody would write.
  return data === undefined || data === false || typeof data === 'object' ? undefined : String(data)
}

/** Text of `serve --help`, made from the schema. */
export function helpText(): string {
  const general: OptionSection = {
    title: 'General',
    rows: [
      {
        label: '--config',
        description: 'JSON file with any of the options above, by their names (rpcUrl, chainId, …)',
      },
      { label: '--help', description: 'this text' },
    ],
  }
  return [
    'fabstir-paymaster: ERC-7677 paymaster service',
    '',
    'Usage: fabstir-paymaster serve [options]',
    ...helpLines([...optionSections(), general]),
    '',
    `Every option can stand in the environment as ${environmentPrefix}<NAME>, like ${environmentPrefix}RPC_URL.`,
    'Secrets have no flag: flags show in the list of processes.',
    '',
  ].join('\n')
}
