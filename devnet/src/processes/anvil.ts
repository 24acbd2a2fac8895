import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type ChildService, startChildService } from './childService.ts'

/** Chain id of every embedded chain; contracts for tests only exist here. */
export const devnetChainId = 31_337

/** Mnemonic of the funded accounts that every anvil has. Public knowledge: for test chains only. */
export const devnetMnemonic = 'test test test test test test test test test test test junk'

export type AnvilParameters = {
  /** 0 takes a free one. */
  port: number
  /** Mines on a clock instead of at once. Seconds. */
  blockTime?: number
  /** Another chain id than {@link devnetChainId}, for what depends on it. */
  chainId?: number
  /** Bytes of a contract's code, for test builds above the 24,576 of EIP-170. */
  codeSizeLimit?: number
}

/** Blocks whose state can still be read; no test and no demo reorganises more. */
const KEPT_STATES = 300

/** Starts npm's anvil on loopback. */
export function startAnvil({
  port,
  blockTime,
  chainId = devnetChainId,
  codeSizeLimit,
}: AnvilParameters): Promise<ChildService> {
  return startChildService({
    name: 'anvil',
    command: anvilBinary(),
    args: [
      ...['--host', '127.0.0.1', '--port', `${port}`, '--chain-id', `${chainId}`],
      ...['--mnemonic', devnetMnemonic, '--accounts', '10', '--hardfork', 'prague'],
      // More states would go to the disk, megabytes a block, and stay there when it is killed.
      ...['--prune-history', `${KEPT_STATES}`],
      ...(blockTime === undefined ? [] : ['--block-time', `${blockTime}`]),
      ...(codeSizeLimit === undefined ? [] : ['--code-size-limit', `${codeSizeLimit}`]),
    ],
    ready: /Listening on ([\d.]+:\d+)/,
  }).then((service) => ({ ...service, url: `http://${service.url}` }))
}

/** The package's own launcher starts the binary as a grandchild, which would outlive a killed launcher. */
function anvilBinary(): string {
  const launcher = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json')
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const platformPackage = `@foundry-rs/anvil-${process.platform}-${architecture}/package.json`
  const folder = dirname(createRequire(launcher).resolve(platformPackage))
  return join(folder, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil')
}
