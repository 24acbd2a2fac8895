import { parseArgs } from 'node:util'
import type { WalletServerOptions } from './walletServer.ts'

export const helpText = `A wallet page whose only key is a passkey: no seed phrase, no ETH, no pop-ups.

Usage: node passkey-wallet/serve.ts [options]

  --port <port>         where the page is served on this machine, 0 for a free one (5173)
  --rpc-url <url>       node of the chain, asked by the page itself (http://127.0.0.1:8545)
  --bundler-url <url>   bundler, asked by the page itself (http://127.0.0.1:4337)
  --sponsor-url <url>   paymaster service, asked by this server only (http://127.0.0.1:4338)
  --help                this text

The API key of the paymaster service is read from SPONSOR_KEY (fabstir-devnet-demo). It stays in this server: the page
asks the server's own /sponsor, which passes on what ERC-7677 names and nothing else.
On the devnet the server also gives away demo USDC and plays a host that answers prompts.
Passkeys belong to a name: open the page as http://localhost, not as http://127.0.0.1.
`

/** The command line breaks a rule: exit code 2. */
export class CommandLineError extends Error {
  override name = 'CommandLineError'
}

/**
 * What the command line asks for.
 * @throws {CommandLineError} That names the option and the rule.
 */
export function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): WalletServerOptions & { help: boolean } {
  const values = parse(args)
  return {
    help: values.help,
    port: readPort(values.port),
    rpcUrl: readUrl('rpc-url', values['rpc-url']),
    bundlerUrl: readUrl('bundler-url', values['bundler-url']),
    sponsorUrl: readUrl('sponsor-url', values['sponsor-url']),
    sponsorKey: env.SPONSOR_KEY ?? 'fabstir-devnet-demo',
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      // pnpm hands its separator on.
      args: args.filter((arg, index) => arg !== '--' || index > 0),
      options: {
        help: { type: 'boolean', default: false },
        port: { type: 'string', default: '5173' },
        'rpc-url': { type: 'string', default: 'http://127.0.0.1:8545' },
        'bundler-url': { type: 'string', default: 'http://127.0.0.1:4337' },
        'sponsor-url': { type: 'string', default: 'http://127.0.0.1:4338' },
      },
    }).values
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error))
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new CommandLineError(`--port: expected a whole number from 0 to 65535, got '${text}'`)
  return port
}

function readUrl(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new CommandLineError(`--${option}: expected an http or https address, got '${text}'`)
  if (url.username || url.password)
    throw new CommandLineError(`--${option}: an address in a page cannot hold a password`)
  return text
}
