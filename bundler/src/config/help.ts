import { groupOf, optionGroups } from './groups.ts'
import type { OptionName } from './options.ts'
import { environmentNameOf, flagOf, optionDoc, optionNames, optionsSchema } from './options.ts'

export type OptionRow = {
  /** As on the command line: `--port PORT`. */
  flag: string
  environment: string
  description: string
  /** As it would be written on the command line; absent when there is none. */
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
  const { argument, description } = optionDoc(name)
  const defaultValue = defaultOf(name)
  return {
    flag: argument === undefined ? flagOf(name) : `${flagOf(name)} ${argument}`,
    environment: environmentNameOf(name),
    description,
    ...(defaultValue !== undefined && { defaultValue }),
  }
}

function defaultOf(name: OptionName): string | undefined {
  if (name === 'store') return 'sqlite:.fabstir/bundler-{chain}.sqlite'
  const { data } = optionsSchema.shape[name].safeParse(undefined)
  return data === undefined || data === false ? undefined : String(data)
}

/** Columns of the text beside the flags. */
const TEXT_WIDTH = 72

/** The text of `--help`. */
export function helpText(): string {
  const general: OptionSection = {
    title: 'General',
    rows: [
      {
        flag: '--config FILE',
        environment: environmentNameOf('config'),
        description: 'JSON file with options by these names; flags and environment go first',
      },
      { flag: '--help', environment: '', description: 'This text' },
    ],
  }
  const sections = [...optionSections(), general]
  const width = Math.max(...sections.flatMap(({ rows }) => rows.map(({ flag }) => flag.length)))
  return [
    'ERC-4337 bundler for EntryPoint 0.6 to 0.9',
    '',
    'pnpm bundler --rpc-url URL (--executor-private-keys K1,K2 | --executor-mnemonic "WORDS") [options]',
    ...sections.flatMap(({ title, rows }) => [
      '',
      `${title}:`,
      ...rows.flatMap((row) => linesOf(row, width)),
    ]),
    '',
    `Each option is also an environment variable: --rpc-url is ${environmentNameOf('rpcUrl')}.`,
    'Private keys and mnemonics are better given there than on the command line.',
  ].join('\n')
}

function linesOf({ flag, description, defaultValue }: OptionRow, width: number): string[] {
  const text = defaultValue === undefined ? description : `${description} (default ${defaultValue})`
  const [first = '', ...rest] = wrapped(text)
  const indent = ' '.repeat(width + 4)
  return [`  ${flag.padEnd(width)}  ${first}`, ...rest.map((line) => `${indent}${line}`)]
}

function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= TEXT_WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines
}
