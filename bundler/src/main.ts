#!/usr/bin/env node
import { startBundler } from './bundler.ts'
import { helpText, loadConfig } from './config/load.ts'

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

  let stopping = false
  const stop = () => {
    // A second signal ends at once: the journal is always in a state to start from.
    if (stopping) process.exit(CONFIG_FAILURE)
    stopping = true
    bundler.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function fail(error: unknown): never {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  const message = error instanceof Error ? error.message : String(error)
  console.error(taken ? `bundler: the port is taken (${message})` : `bundler: ${message}`)
  process.exit(CONFIG_FAILURE)
}

main().catch(fail)
