import type { ParseArgsOptionsConfig } from 'node:util'
import { parseArgs } from 'node:util'
import type { OperationName } from '../admin/operations.ts'

export type CommandOption = {
  /** What stands for its value in the help; absent for a switch. */
  value?: string
  /** May be given more than once. */
  multiple?: boolean
  description: string
}

/** What was written on the command line. */
export type Written = {
  /** Values of the arguments, by name. */
  arguments: Readonly<Record<string, string>>
  text(name: string): string | undefined
  list(name: string): string[] | undefined
  has(name: string): boolean
}

/** What can be written on a command line. */
export type CommandLine = {
  /** Like `key issue`. */
  words: string
  summary: string
  arguments: readonly { name: string; description: string; optional?: boolean }[]
  options: Readonly<Record<string, CommandOption>>
}

/** A command that asks for one operation of administration. */
export type Command = CommandLine & {
  operation: OperationName
  /** The operation's input. */
  input(written: Written): unknown
  /** Text of the answer, when a table is not it. */
  print?(answer: unknown): string
  /** Whether the answer is a bad one: then the exit code is 1. */
  failed?(answer: unknown): boolean
}

/** Options that say where an operation is run, and how it is answered. */
const operationOptions: CommandLine['options'] = {
  config: { value: 'FILE', description: 'configuration of the service, as `serve` takes it' },
  store: { value: 'LOCATION', description: "the service's store, opened directly" },
  url: {
    value: 'URL',
    description: 'a running service, asked with the key in FABSTIR_PAYMASTER_ADMIN_KEY',
  },
  json: { description: 'answer as JSON' },
}

/** Options of every command. */
export const commonOptions: CommandLine['options'] = { help: { description: 'this text' } }

/** All that can be written behind the words of a command that asks for an operation. */
export function commandLineOf(command: Command): CommandLine {
  return { ...command, options: { ...command.options, ...operationOptions } }
}

/**
 * Reads what follows the words of a command.
 * @throws CommandLineError
 */
export function readWritten(
  { words, arguments: expected, options }: CommandLine,
  args: readonly string[],
): Written {
  const { values, positionals } = parse(words, { ...options, ...commonOptions }, args)
  const missing = expected.find(
    ({ optional }, index) => !optional && positionals[index] === undefined,
  )
  if (missing && values.help !== true)
    throw new CommandLineError(words, `expected ${missing.name}: ${missing.description}`)
  if (positionals.length > expected.length)
    throw new CommandLineError(words, `unexpected argument ${positionals[expected.length]}`)
  const written = Object.fromEntries(
    expected.flatMap(({ name }, index) => {
      const value = positionals[index]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return {
    arguments: written,
    text(name) {
      const value = values[name]
      return typeof value === 'string' ? value : undefined
    },
    list(name) {
      const value = values[name]
      return Array.isArray(value) ? value.map(String) : undefined
    },
    has: (name) => values[name] === true,
  }
}

function parse(
  words: string,
  options: Readonly<Record<string, CommandOption>>,
  args: readonly string[],
) {
  const config: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(options).map(([name, { value, multiple = false }]) => [
      name,
      value === undefined ? { type: 'boolean' } : { type: 'string', multiple },
    ]),
  )
  try {
    return parseArgs({ args: [...args], options: config, allowPositionals: true })
  } catch (error) {
    throw new CommandLineError(words, error instanceof Error ? error.message : String(error))
  }
}

/** The command line cannot be read. */
export class CommandLineError extends Error {
  override name = 'CommandLineError'

  constructor(words: string, reason: string) {
    super(`${reason}\nSee fabstir-paymaster ${words === '' ? '' : `${words} `}--help`)
  }
}
