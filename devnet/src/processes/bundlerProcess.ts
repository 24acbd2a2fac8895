import type { Address } from 'viem'
import { devnetAccounts, privateKeyOf } from '../keys.ts'
import { type ChildService, startChildService } from './childService.ts'
import { commandOf } from './commandOf.ts'

export type BundlerProcessOptions = {
  rpcUrl: string
  /** 0 takes a free one. */
  port: number
  /** Path of the SQLite file; kept over restarts. */
  store: string
  bundleMode?: 'auto' | 'manual'
  /** Never throttled or banned: the sponsors that belong to the same stack. */
  trustedEntities?: readonly Address[]
  /** More of the command line, such as `['--rate-limit', '50']`. */
  options?: readonly string[]
}

/** Starts the bundler's own command line on all four EntryPoints, debug methods included. */
export function startBundlerProcess(options: BundlerProcessOptions): Promise<ChildService> {
  const { rpcUrl, port, store, bundleMode = 'auto', trustedEntities = [] } = options
  const { command, args } = commandOf('@fabstir/bundler')
  return startChildService({
    name: 'bundler',
    command,
    args: [
      ...[...args, '--rpc-url', rpcUrl, '--port', `${port}`],
      ...['--store', `sqlite:${store}`, '--bundle-mode', bundleMode, '--debug-rpc'],
      ...(trustedEntities.length > 0 ? ['--trusted-entities', trustedEntities.join(',')] : []),
      ...(options.options ?? []),
    ],
    // Not on the command line, where every process of the machine could read them.
    env: {
      FABSTIR_BUNDLER_EXECUTOR_PRIVATE_KEYS: devnetAccounts.executors.map(privateKeyOf).join(','),
    },
    ready: /(http:\/\/127\.0\.0\.1:\d+)/,
  })
}
