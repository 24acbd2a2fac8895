#!/usr/bin/env node
import { stopOnSignals } from '@fabstir/service'
import type { Bundler } from './bundler.ts'
import { startBundler } from './bundler.ts'
import { helpText } from './config/help.ts'
import { loadConfig } from './config/load.ts'

const CONFIG_FAILURE = 1

async function main(): Promise<void> {
  const command = loadConfig(process.argv.slice(2), process.env)
  if (command.kind === 'help') {
    console.log(helpText())
    return
  }
  let bundler: Bundler | undefined
  // Before the start: as process 1 of a container, only who listens to a signal is ended by it.
  stopOnSignals({
    name: 'bundler',
    unfinished: 'the journal keeps what is under way',
    close: async () => bundler?.close(),
    timeoutMs: command.config.shutdownTimeout,
    onSignal: (signal, handler) => process.on(signal, handler),
    exit: (code) => process.exit(code),
    tell: (line) => console.error(line),
  })
  bundler = await startBundler(command.config)
  const { chainId, url, trace } = bundler
  console.log(`bundler on chain ${chainId} answers at ${url} (trace ${trace})`)
}

function fail(error: unknown): never {
  console.error(`bundler: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(CONFIG_FAILURE)
}

main().catch(fail)
