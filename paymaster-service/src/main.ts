#!/usr/bin/env node
import { DatabaseInUseError } from '@fabstir/sqlite'
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
]

try {
  await run()
} catch (error) {
  const isUsersError = usersErrors.some((kind) => error instanceof kind)
  const text = isUsersError && error instanceof Error ? error.message : error
  console.error('fabstir-paymaster cannot start:')
  console.error(text)
  process.exitCode = 1
}

async function run(): Promise<void> {
  const loaded = loadConfig(process.argv.slice(2), process.env)
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
