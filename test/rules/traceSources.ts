import { createHttpChainReader } from '../../bundler/src/chain/httpChainReader.ts'
import { createJsTraceSource } from '../../bundler/src/validation/trace/js/jsTraceSource.ts'
import { createLocalTraceSource } from '../../bundler/src/validation/trace/local/localTraceSource.ts'
import { createNativeTraceSource } from '../../bundler/src/validation/trace/native/nativeTraceSource.ts'
import type { TraceSource } from '../../bundler/src/validation/trace/trace.ts'
import { devnetChainId } from '../../devnet/src/processes/anvil.ts'
import { startChildService } from '../../devnet/src/processes/childService.ts'

export type OpenedSource = { source: TraceSource; close(): Promise<void> }
export type SourceUnderTest = {
  name: string
  /** @param anvilUrl An anvil that has the EntryPoints. */
  open(anvilUrl: string): Promise<OpenedSource>
}

/** Sources that trace on anvil. All have to come to the same verdicts. */
export const anvilSources: readonly SourceUnderTest[] = [
  { name: 'js', open: async (anvilUrl) => opened(createJsTraceSource(readerOf(anvilUrl))) },
  {
    name: 'local',
    open: async (anvilUrl) =>
      opened(createLocalTraceSource({ reader: readerOf(anvilUrl), chainId: devnetChainId })),
  },
]

/** Path of a geth binary (1.16 or later): with it, its own tracer is held against the corpus too. */
const gethBinary = process.env.FABSTIR_GETH

/** All sources; the corpus brings its state along, so that any chain will do. */
export const traceSources: readonly SourceUnderTest[] = [
  ...anvilSources,
  ...(gethBinary ? [{ name: 'native', open: () => openOnGeth(gethBinary) }] : []),
]
if (!gethBinary) console.log('FABSTIR_GETH names no geth binary: the native tracer is not tested')

async function openOnGeth(command: string): Promise<OpenedSource> {
  const geth = await startChildService({
    name: 'geth',
    // geth says on standard error where it listens.
    command: '/bin/sh',
    args: [
      ...['-c', 'exec "$0" "$@" 2>&1', command],
      ...['--dev', '--http', '--http.addr', '127.0.0.1', '--http.port', '0'],
      ...['--http.api', 'eth,net,debug', '--ipcdisable', '--rpc.gascap', '100000000'],
    ],
    ready: /HTTP server started.*endpoint=([\d.]+:\d+)/,
  })
  const source = createNativeTraceSource(readerOf(`http://${geth.url}`))
  return { source, close: () => geth.stop() }
}

function opened(source: TraceSource): OpenedSource {
  return { source, close: () => source.close() }
}

function readerOf(url: string) {
  return createHttpChainReader({ url, timeoutMs: 20_000 })
}
