#!/usr/bin/env node
import { startBundler } from './bundler.ts'
import { helpText } from './config/help.ts'
import { loadConfig } from './config/load.ts'
import { stopOnSignals } from './shutdown.ts'

const CONFIG_FAILURE = 1

async function main(): Promise<void> {
  const command = loadConfig(process.argv.slice(2), process.env)
  if (command.kind === 'help') {
    console.log(helpText())
    return
  }
  const bundler = await startBundler(command.config)
  console.log(
    `bundler on chain ${bundler.chainId} answers at ${bundler.url} (trace ${bundler.trace})`,
  )

  stopOnSignals({
    close: bundler.close,
    timeoutMs: command.config.shutdownTimeout,
    onSignal: (signal, handler) => process.on(signal, handler),
    exit: (code) => process.exit(code),
    tell: (line) => console.error(line),
  })
}

function fail(error: unknown): never {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  const message = error instanceof Error ? error.message : String(error)
  console.error(taken ? `bundler: the port is taken (${message})` : `bundler: ${message}`)
  process.exit(CONFIG_FAILURE)
}

main().catch(fail)
