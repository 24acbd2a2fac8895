import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { environmentName, environmentPrefix, flagName, optionNames } from './names.ts'
import type { ServiceConfig } from './schema.ts'
import { ConfigError, jsonOptions, parseConfig, secretOptions } from './schema.ts'

/** Options from the command line, before the environment, before the file, before defaults. */
export type LoadedConfig = { help: true } | { help: false; config: ServiceConfig }

/**
 * Reads the options of `pnpm paymaster`.
 * @throws ConfigError
 */
export function loadConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): LoadedConfig {
  const flags = readFlags(args)
  if (flags.help === true) return { help: true }
  return { help: false, config: parseConfig(readOptions(flags, environment)) }
}

/**
 * Options as they were written: flags (by their names, without `--`) before the environment, that
 * before the file. Not checked yet.
 * @throws ConfigError
 */
export function readOptions(
  flags: Readonly<Record<string, string | boolean | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const path = flags.config ?? environment[`${environmentPrefix}CONFIG`]
  const input: Record<string, unknown> = typeof path === 'string' ? readFile(path) : {}
  for (const name of optionNames) {
    const fromEnvironment = environment[environmentName(name)]
    if (fromEnvironment !== undefined)
      input[name] = readText(environmentName(name), name, fromEnvironment)
    const flag = flags[flagName(name)]
    if (typeof flag === 'string') input[name] = readText(`--${flagName(name)}`, name, flag)
  }
  return input
}

function readFlags(args: readonly string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    [...optionNames.filter((name) => !secretOptions.has(name)).map(flagName), 'config'].map(
      (name) => [name, { type: 'string' as const }],
    ),
  )
  try {
    return parseArgs({
      // `pnpm paymaster -- --port 1` hands the separator on.
      args: args.filter((argument) => argument !== '--'),
      options: { ...options, help: { type: 'boolean', short: 'h' } },
    }).values
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)])
  }
}

function readFile(path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch (error) {
    throw new ConfigError([`config ${path}: ${error instanceof Error ? error.message : error}`])
  }
  throw new ConfigError([`config ${path}: expected a JSON object`])
}

function readText(label: string, name: string, text: string): unknown {
  if (!jsonOptions.has(name)) return text
  try {
    return JSON.parse(text)
  } catch {
    throw new ConfigError([`${label}: expected JSON`])
  }
}
