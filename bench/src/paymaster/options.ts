import { parseArgs } from 'node:util'
import type { Contestant } from './services.ts'

export type CommandLine = {
  help: boolean
  json: boolean
  requests: number
  concurrency: number
  rounds: number
  contestants: readonly Contestant[]
}

export const helpText = `Sponsored operations a second of the paymaster service: pm_getPaymasterData on its embedded store, each
reservation on the disk before its answer, beside PostgreSQL and the public mock-paymaster, which keeps no accounts.

Usage: pnpm bench:paymaster [options]

  --requests N       operations for the embedded store, others get a tenth   (default 100000)
  --concurrency N    requests in flight                                      (default 64)
  --rounds N         turns in which each contestant runs once                (default 10)
  --no-peer          leave the mock-paymaster out
  --no-postgres      leave PostgreSQL out
  --json             one JSON object on stdout, progress on stderr
  --help             this text

Each runs in a process of its own on one chain with a block a second. Figures are medians over the rounds; ops per
CPU-second count what the service's process used, so they hold on a machine that others use, too.
`

const bounds = {
  requests: { least: 100, most: 1_000_000 },
  concurrency: { least: 1, most: 1_000 },
  rounds: { least: 1, most: 100 },
}

/**
 * Reads the command line of `pnpm bench:paymaster`.
 * @throws CommandLineError naming the option and its rule.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const values = parse(args)
  return {
    help: values.help,
    json: values.json,
    requests: wholeNumber('requests', values.requests),
    concurrency: wholeNumber('concurrency', values.concurrency),
    rounds: wholeNumber('rounds', values.rounds),
    contestants: [
      'sqlite',
      ...(values['no-postgres'] ? [] : (['postgres'] as const)),
      ...(values['no-peer'] ? [] : (['mock-paymaster'] as const)),
    ],
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // `pnpm bench:paymaster -- --json` hands the separator on.
      args: args.filter((argument) => argument !== '--'),
      options: {
        requests: { type: 'string', default: '100000' },
        concurrency: { type: 'string', default: '64' },
        rounds: { type: 'string', default: '10' },
        'no-peer': { type: 'boolean', default: false },
        'no-postgres': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(name: keyof typeof bounds, text: string): number {
  const { least, most } = bounds[name]
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new CommandLineError(
    `--${name}: expected a whole number from ${least} to ${most}, got "${text}"`,
  )
}

/** The command line has a mistake. */
export class CommandLineError extends Error {
  override name = 'CommandLineError'
}
