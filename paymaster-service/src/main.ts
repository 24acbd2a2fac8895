#!/usr/bin/env node
import { DatabaseInUseError } from '@fabstir/sqlite'
import { AdminError } from './admin/errors.ts'
import { CommandLineError } from './cli/command.ts'
import { ServiceUnreachableError } from './cli/remote.ts'
import { runCommand } from './cli/runCommand.ts'
import { InputFileError } from './cli/values.ts'
import { helpText, loadConfig } from './config/load.ts'
import { ConfigError } from './config/schema.ts'
import { ChainMismatchError, createPaymasterService, PortInUseError } from './service.ts'
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
  const service = await createPaymasterService(loaded.config)
  console.log(`fabstir-paymaster listening on ${service.url}`)
  const stop = () => {
    process.removeListener('SIGINT', stop)
    process.removeListener('SIGTERM', stop)
    void service.close()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}
