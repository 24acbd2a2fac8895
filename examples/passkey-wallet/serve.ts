#!/usr/bin/env node
/**
 * A wallet page whose only key is a passkey, over the stack of `pnpm start`.
 * node passkey-wallet/serve.ts
 */
import { CommandLineError, helpText, readCommandLine } from './server/commandLine.ts'
import { startWalletServer } from './server/walletServer.ts'

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`passkey wallet: ${error instanceof Error ? error.message : String(error)}`)
  return error instanceof CommandLineError ? 2 : 1
})

async function main(args: readonly string[]): Promise<number> {
  const { help, ...options } = readCommandLine(args, process.env)
  if (help) {
    process.stdout.write(helpText)
    return 0
  }
  const server = await startWalletServer(options)
  console.log(`passkey wallet  ${server.url}  until Ctrl-C`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve)
  })
  await server.close()
  return 0
}
