#!/usr/bin/env -S node --no-memory-reducer --use-largepages=silent
import { setFlagsFromString } from 'node:v8'
import { stopOnSignals } from '@fabstir/service'
import { DatabaseInUseError } from '@fabstir/sqlite'
import { AdminError } from './admin/errors.ts'
import { CommandLineError } from './cli/command.ts'
import { ServiceUnreachableError } from './cli/remote.ts'
import { runCommand } from './cli/runCommand.ts'
import { InputFileError } from './cli/values.ts'
import { helpText } from './config/help.ts'
import { loadConfig } from './config/load.ts'
import { ConfigError } from './config/schema.ts'
import type { PaymasterService } from './service.ts'
import { ChainMismatchError, createPaymasterService, PortInUseError } from './service.ts'
import { KeystoreError } from './signing/keystore/keystore.ts'
import { StoreUnavailableError, StoreVersionError } from './store/errors.ts'

/** Errors that whoever started the service can mend: their message is enough. */
const usersErrors = [
  ConfigError,
  PortInUseError,
  DatabaseInUseError,
  StoreUnavailableError,
  StoreVersionError,
  ChainMismatchError,
  CommandLineError,
  InputFileError,
  AdminError,
  ServiceUnreachableError,
  KeystoreError,
]

const [command = 'serve', ...rest] = process.argv.slice(2)
// Options alone have always meant to serve.
const isCommand = /^(--help|-h|[^-].*)$/.test(command) && command !== 'serve'
try {
  if (isCommand) await administer()
  else await serve(command === 'serve' ? rest : [command, ...rest])
} catch (error) {
  const isUsersError = usersErrors.some((kind) => error instanceof kind)
  console.error(isCommand ? 'fabstir-paymaster:' : 'fabstir-paymaster cannot start:')
  console.error(isUsersError && error instanceof Error ? error.message : error)
  if (isCommand && error instanceof DatabaseInUseError)
    console.error('Where a service runs on it, ask the service: --url URL')
  process.exitCode = 1
}

async function administer(): Promise<void> {
  const { output, exitCode } = await runCommand([command, ...rest], process.env)
  process.stdout.write(output)
  process.exitCode = exitCode
}

async function serve(args: readonly string[]): Promise<void> {
  const loaded = loadConfig(args, process.env)
  if (loaded.help) {
    console.log(helpText())
    return
  }
  // V8 would take what a request makes for long-lived, and collect the whole heap every few seconds (decision 111).
  setFlagsFromString('--no-allocation-site-pretenuring')
  let service: PaymasterService | undefined
  // Before the start: as process 1 of a container, only who listens to a signal is ended by it.
  stopOnSignals({
    name: 'fabstir-paymaster',
    unfinished: 'what was reserved stays in the store',
    close: async () => service?.close(),
    timeoutMs: loaded.config.shutdownTimeoutMs,
    onSignal: (signal, handler) => process.on(signal, handler),
    exit: (code) => process.exit(code),
    tell: (line) => console.error(line),
  })
  service = await createPaymasterService(loaded.config)
  console.log(`fabstir-paymaster listening on ${service.url}`)
  if (service.metricsUrl) console.error(`metrics at ${service.metricsUrl}`)
}
