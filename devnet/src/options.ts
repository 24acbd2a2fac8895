import { parseArgs } from 'node:util'
import { z } from 'zod'

const port = (name: string) =>
  z.coerce
    .number({ error: `--${name}: expected a port number from 0 to 65535` })
    .int(`--${name}: expected a whole number`)
    .min(0, `--${name}: expected 0 to 65535`)
    .max(65_535, `--${name}: expected 0 to 65535`)

const schema = z.object({
  once: z.boolean(),
  json: z.boolean(),
  help: z.boolean(),
  'chain-port': port('chain-port'),
  'bundler-port': port('bundler-port'),
  'paymaster-port': port('paymaster-port'),
})

export type CommandLine = {
  once: boolean
  json: boolean
  help: boolean
  chainPort: number
  bundlerPort: number
  paymasterPort: number
}

export const helpText = `fabstir devnet: chain, EntryPoints, contracts, bundler and paymaster service on this machine,
one gasless session from beginning to end, sponsored by an app within its budget,
and a second app that sponsors until its budget is used up and is then refused.

Usage: pnpm start [options]

  --once                  exit after the session: 0 when every step passed and every equation holds, else 1
  --json                  print one JSON object on stdout, progress on stderr:
                            ok        every step passed and every equation holds
                            steps     of each name, ok, userOpHash, gasUsed, payer, latencyMs and, where
                                      the paymaster service refused it, refusal {rule, remaining, resetsAt}
                            balances  by token, smallest unit
                            budgets   by app, wei: budget = free + reserved + settled, and what the
                                      EntryPoints charged for the app's operations (charged = settled)
                            checks    name, left, right, ok of every equation
  --chain-port N          port of the chain, 0 takes a free one          (default 8545)
  --bundler-port N        port of the bundler, 0 takes a free one        (default 4337)
  --paymaster-port N      port of the paymaster service, 0: a free one   (default 4338)
  --help                  this text

Everything listens on 127.0.0.1. State lives in a temporary folder and goes with the process.
`

/**
 * Reads the command line of `pnpm start`.
 * @throws {@link CommandLineError} naming the option and its rule.
 */
export function readCommandLine(args: readonly string[]): CommandLine {
  const parsed = parse(args)
  const result = schema.safeParse(parsed)
  if (!result.success) {
    throw new CommandLineError(result.error.issues.map((issue) => issue.message).join('\n'))
  }
  const { once, json, help } = result.data
  return {
    once,
    json,
    help,
    chainPort: result.data['chain-port'],
    bundlerPort: result.data['bundler-port'],
    paymasterPort: result.data['paymaster-port'],
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // `pnpm start -- --once` hands the separator on.
      args: args.filter((argument) => argument !== '--'),
      options: {
        once: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        'chain-port': { type: 'string', default: '8545' },
        'bundler-port': { type: 'string', default: '4337' },
        'paymaster-port': { type: 'string', default: '4338' },
      },
    }).values
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error))
  }
}

export class CommandLineError extends Error {
  override name = 'CommandLineError'
}
