import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { kebab } from '@fabstir/service'
import type { BundlerConfig } from './options.ts'
import {
  ConfigError,
  environmentNameOf,
  environmentPrefix,
  flagOf,
  optionDoc,
  optionNames,
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
  refuseUnknownVariables(environment)
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

/** A misspelt variable would otherwise be a default that nobody notices. */
function refuseUnknownVariables(environment: Readonly<Record<string, string | undefined>>): void {
  const known = new Set([...optionNames, 'config'].map(environmentNameOf))
  const unknown = Object.keys(environment).find(
    (name) => name.startsWith(environmentPrefix) && !known.has(name),
  )
  if (unknown !== undefined) throw new ConfigError(`there is no option ${unknown}, see --help`)
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
