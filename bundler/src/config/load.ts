import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { BundlerConfig, OptionName } from './options.ts'
import {
  ConfigError,
  environmentNameOf,
  flagOf,
  kebab,
  optionDoc,
  optionNames,
  optionsSchema,
  parseOptions,
} from './options.ts'

export type CommandLine = { kind: 'help' } | { kind: 'run'; config: BundlerConfig }

const POSITIONAL = 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'

/**
 * Reads the options: flags before environment before `--config` file before defaults.
 * @param readFile Reads the configuration file as text.
 * @throws ConfigError with a message for the person at the command line.
 */
export function loadConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): CommandLine {
  const flags = parseFlags(args)
  if (flags.help) return { kind: 'help' }
  const path = flags.values.config ?? environment[environmentNameOf('config')]
  const merged: Record<string, unknown> = path === undefined ? {} : parseFile(path, readFile)
  const origin = new Map<string, string>()
  for (const name of optionNames) {
    const fromEnvironment = environment[environmentNameOf(name)]
    const fromFlag = flags.values[kebab(name)]
    if (fromEnvironment !== undefined) {
      merged[name] = fromEnvironment
      origin.set(name, environmentNameOf(name))
    }
    if (fromFlag !== undefined) {
      merged[name] = fromFlag
      origin.set(name, flagOf(name))
    }
  }
  return { kind: 'run', config: parseOptions(merged, (name) => origin.get(name) ?? flagOf(name)) }
}

function parseFlags(args: readonly string[]) {
  const options = Object.fromEntries(
    optionNames.map((name) => {
      const type = optionDoc(name).argument === undefined ? 'boolean' : 'string'
      return [kebab(name), { type } as const]
    }),
  )
  try {
    // pnpm hands a separating `--` through to the program.
    const own = args[0] === '--' ? args.slice(1) : args
    const { values } = parseArgs({
      args: [...own],
      options: { ...options, config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      strict: true,
    })
    const { help, config, ...rest } = values
    const given: Record<string, string | boolean | undefined> & { config?: string } = {
      ...rest,
      ...(config !== undefined && { config }),
    }
    return { help: help === true, values: given }
  } catch (error) {
    // The system's message shows the argument, which may be a key behind a list with a space in it.
    if (error instanceof Error && 'code' in error && error.code === POSITIONAL) {
      throw new ConfigError('every argument needs a flag; lists have commas and no spaces')
    }
    throw new ConfigError(error instanceof Error ? error.message : 'the flags are malformed')
  }
}

function parseFile(path: string, readFile: (path: string) => string): Record<string, unknown> {
  let text: string
  try {
    text = readFile(path)
  } catch {
    throw new ConfigError(`--config: ${path} cannot be read`)
  }
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new ConfigError(`--config: ${path} is not valid JSON`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ConfigError(`--config: ${path} must hold one JSON object`)
  }
  // Names as in flags (rpc-url) or as in code (rpcUrl).
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [
      optionNames.find((known) => kebab(known) === name) ?? name,
      value,
    ]),
  )
}

/** The text of `--help`. */
export function helpText(): string {
  const rows = [
    ...optionNames.map((name) => {
      const { argument, description } = optionDoc(name)
      const flag = argument === undefined ? flagOf(name) : `${flagOf(name)} ${argument}`
      const value = defaultOf(name)
      return [
        flag,
        value === undefined ? description : `${description} (default ${value})`,
      ] as const
    }),
    [
      '--config FILE',
      'JSON file with options by these names; flags and environment go first',
    ] as const,
    ['--help', 'This text'] as const,
  ]
  const width = Math.max(...rows.map(([flag]) => flag.length))
  return [
    'ERC-4337 bundler for EntryPoint 0.6 to 0.9',
    '',
    'pnpm bundler --rpc-url URL (--executor-private-keys K1,K2 | --executor-mnemonic "WORDS") [options]',
    '',
    ...rows.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`),
    '',
    `Each option is also an environment variable, --rpc-url as ${environmentNameOf('rpcUrl')}.`,
  ].join('\n')
}

/** The default as it would be written on the command line. */
function defaultOf(name: OptionName): string | undefined {
  if (name === 'store') return 'sqlite:.fabstir/bundler-{chain}.sqlite'
  const { data } = optionsSchema.shape[name].safeParse(undefined)
  return data === undefined || data === false ? undefined : String(data)
}
