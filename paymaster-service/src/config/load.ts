import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ServiceConfig } from './schema.ts'
import {
  ConfigError,
  jsonOptions,
  parseConfig,
  secretOptions,
  serviceConfigSchema,
} from './schema.ts'

const names = Object.keys(serviceConfigSchema.shape)
const environmentPrefix = 'FABSTIR_PAYMASTER_'

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
  for (const name of names) {
    const fromEnvironment = environment[environmentName(name)]
    if (fromEnvironment !== undefined)
      input[name] = readText(environmentName(name), name, fromEnvironment)
    const flag = flags[flagName(name)]
    if (typeof flag === 'string') input[name] = readText(`--${flagName(name)}`, name, flag)
  }
  return input
}

/** Text of `--help`, made from the schema. */
export function helpText(): string {
  const lines = Object.entries(serviceConfigSchema.shape).map(([name, schema]) => {
    const label = secretOptions.has(name) ? environmentName(name) : `--${flagName(name)}`
    const kind = jsonOptions.has(name) ? ' (JSON)' : ''
    return `  ${label.padEnd(32)} ${schema.description ?? ''}${kind}${defaultOf(schema)}`
  })
  return `fabstir-paymaster: ERC-7677 paymaster service

Usage: fabstir-paymaster serve [options]

  ${'--config'.padEnd(32)} JSON file with any of the options below, by their names (rpcUrl, chainId, …)
${lines.join('\n')}
  ${'--help'.padEnd(32)} this text

Every option can stand in the environment as ${environmentPrefix}<NAME>, like ${environmentPrefix}RPC_URL.
Secrets have no flag: flags show in the list of processes.
`
}

function defaultOf(schema: {
  safeParse: (value: unknown) => { success: boolean; data?: unknown }
}) {
  const { success, data } = schema.safeParse(undefined)
  return success && data !== undefined && data !== false && !Array.isArray(data)
    ? ` (default ${data})`
    : ''
}

function readFlags(args: readonly string[]): Record<string, string | boolean | undefined> {
  const options = Object.fromEntries(
    [...names.filter((name) => !secretOptions.has(name)).map(flagName), 'config'].map((name) => [
      name,
      { type: 'string' as const },
    ]),
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

function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function environmentName(name: string): string {
  return `${environmentPrefix}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
