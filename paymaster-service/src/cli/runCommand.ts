import { operations } from '../admin/operations.ts'
import { readOptions } from '../config/load.ts'
import { ConfigError } from '../config/schema.ts'
import type { Command } from './command.ts'
import { CommandLineError, commandLineOf, readWritten } from './command.ts'
import { commands } from './commands.ts'
import { formatAnswer } from './formatAnswer.ts'
import { commandHelp, overview } from './help.ts'
import { init, initCommand } from './init.ts'
import { runLocally } from './local.ts'
import { askService } from './remote.ts'
import { signerNew, signerNewCommand } from './signerNew.ts'

/** What a command says, and its exit code. */
export type CommandResult = { output: string; exitCode: 0 | 1 }

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Runs a command other than `serve`.
 * @throws CommandLineError, InputFileError, ConfigError, AdminError, ServiceUnreachableError, and
 * what opening the store throws.
 */
export async function runCommand(
  args: readonly string[],
  environment: Environment,
): Promise<CommandResult> {
  const [first = ''] = args
  if (first === 'help' || first === '--help' || first === '-h') return said(overview())
  if (first === 'init') {
    const rest = args.slice(1)
    if (asksHelp(rest)) return said(commandHelp(initCommand))
    return said(await init(rest))
  }
  if (first === 'signer' && args[1] === 'new') {
    const rest = args.slice(2)
    if (asksHelp(rest)) return said(commandHelp(signerNewCommand))
    return said(await signerNew(rest, environment))
  }
  const { command, rest } = findCommand(args)
  const line = commandLineOf(command)
  if (asksHelp(rest)) return said(commandHelp(line))
  const written = readWritten(line, rest)
  const answer = await run(command, command.input(written), {
    url: written.text('url'),
    config: written.text('config'),
    store: written.text('store'),
    environment,
  })
  const text = written.has('json')
    ? JSON.stringify(answer, null, 2)
    : (command.print ?? formatAnswer)(answer)
  return { output: `${text}\n`, exitCode: command.failed?.(answer) ? 1 : 0 }
}

type Where = {
  url: string | undefined
  config: string | undefined
  store: string | undefined
  environment: Environment
}

async function run(
  { words, operation: name }: Command,
  input: unknown,
  { url, config, store, environment }: Where,
): Promise<unknown> {
  const operation = operations[name]
  if (url === undefined) {
    const options = readOptions({ config, ...(store === undefined ? {} : { store }) }, environment)
    return runLocally(operation, dropUndefined(input), { options, dryRun: name === 'dryRunPolicy' })
  }
  if (store !== undefined) throw new CommandLineError(words, 'expected one of --url and --store')
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new CommandLineError(words, `--url: expected an http URL, not ${url}`)
  const key = environment.FABSTIR_PAYMASTER_ADMIN_KEY
  if (!key)
    throw new ConfigError(['FABSTIR_PAYMASTER_ADMIN_KEY: expected the key of an administrator'])
  return askService({ url, key }, operation, dropUndefined(input))
}

/** What JSON would leave out is left out here as well. */
function dropUndefined(input: unknown): unknown {
  return JSON.parse(JSON.stringify(input))
}

/** One word or two. */
function findCommand(args: readonly string[]): { command: Command; rest: readonly string[] } {
  for (const count of [2, 1]) {
    const words = args.slice(0, count).join(' ')
    const command = commands.find((each) => each.words === words)
    if (command) return { command, rest: args.slice(count) }
  }
  const [first = ''] = args
  const near = commands.filter(({ words }) => words.startsWith(`${first} `))
  throw new CommandLineError(
    '',
    near.length === 0
      ? `there is no command ${first}`
      : `expected ${near.map(({ words }) => words).join(', ')}`,
  )
}

function asksHelp(args: readonly string[]): boolean {
  return args.includes('--help') || args.includes('-h')
}

function said(output: string): CommandResult {
  return { output, exitCode: 0 }
}
