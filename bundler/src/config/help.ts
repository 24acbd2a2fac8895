import type { OptionRow, OptionSection } from '@fabstir/service'
import { helpLines, sectionsOf } from '@fabstir/service'
import { groupOf, optionGroups } from './groups.ts'
import type { OptionName } from './options.ts'
import { environmentNameOf, flagOf, optionDoc, optionNames, optionsSchema } from './options.ts'

/** Every option under its heading, in the order of the schema. */
export function optionSections(): OptionSection[] {
  return sectionsOf(optionNames, { groups: optionGroups, groupOf, rowOf })
}

function rowOf(name: OptionName): OptionRow {
  const { argument, description } = optionDoc(name)
  const defaultValue = defaultOf(name)
  return {
    label: argument === undefined ? flagOf(name) : `${flagOf(name)} ${argument}`,
    description,
    ...(defaultValue !== undefined && { defaultValue }),
  }
}

function defaultOf(name: OptionName): string | undefined {
  if (name === 'store') return 'sqlite:.fabstir/bundler-{chain}.sqlite'
  const { data } = optionsSchema.shape[name].safeParse(undefined)
  return data === undefined || data === false ? undefined : String(data)
}

/** The text of `--help`. */
export function helpText(): string {
  const general: OptionSection = {
    title: 'General',
    rows: [
      {
        label: '--config FILE',
        description: 'JSON file with options by these names; flags and environment go first',
      },
      { label: '--help', description: 'This text' },
    ],
  }
  return [
    'ERC-4337 bundler for EntryPoint 0.6 to 0.9',
    '',
    'pnpm bundler --rpc-url URL (--executor-private-keys K1,K2 | --executor-mnemonic "WORDS") [options]',
    ...helpLines([...optionSections(), general]),
    '',
    `Each option is also an environment variable: --rpc-url is ${environmentNameOf('rpcUrl')}.`,
    'Private keys and mnemonics are better given there than on the command line.',
  ].join('\n')
}
