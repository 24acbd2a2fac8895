import { groupOf, optionGroups } from './groups.ts'
import type { OptionName } from './names.ts'
import { environmentName, environmentPrefix, flagName, optionNames } from './names.ts'
import { jsonOptions, secretOptions, serviceConfigSchema } from './schema.ts'

export type OptionRow = {
  /** Flag, or the name in the environment for secrets. */
  label: string
  description: string
  /** As it would be written; absent when there is none. */
  defaultValue?: string
}

export type OptionSection = { title: string; rows: OptionRow[] }

/** Every option under its heading, in the order of the schema. */
export function optionSections(): OptionSection[] {
  return optionGroups.map((title) => ({
    title,
    rows: optionNames.filter((name) => groupOf[name] === title).map(rowOf),
  }))
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
  const sections = optionSections()
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(({ label }) => label.length)))
  const line = (label: string, text: string) => `  ${label.padEnd(width)}  ${text}`
  const rows = ({ title, rows: of }: OptionSection) => [
    '',
    `${title}:`,
    ...of.map(({ label, description, defaultValue }) =>
      line(
        label,
        `${description}${defaultValue === undefined ? '' : ` (default ${defaultValue})`}`,
      ),
    ),
  ]
  return `fabstir-paymaster: ERC-7677 paymaster service

Usage: fabstir-paymaster serve [options]
${sections.flatMap(rows).join('\n')}

General:
${line('--config', 'JSON file with any of the options above, by their names (rpcUrl, chainId, …)')}
${line('--help', 'this text')}

Every option can stand in the environment as ${environmentPrefix}<NAME>, like ${environmentPrefix}RPC_URL.
Secrets have no flag: flags show in the list of processes.
`
}
