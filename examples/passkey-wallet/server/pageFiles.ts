import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

export type PageFile = { type: string; body: Uint8Array }

const folder = join(import.meta.dirname, '../page')

/** Everything that the page consists of, by path: bundled once, and nothing from elsewhere. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'main.ts')],
    ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', platform: 'browser' },
    ...{ write: false, legalComments: 'none', logLevel: 'silent' },
  })
  const [script] = outputFiles
  if (!script) throw new Error('esbuild gave no script')
  const read = async (name: string, type: string) => ({
    type,
    body: await readFile(join(folder, name)),
  })
  return new Map([
    ['/', await read('index.html', 'text/html; charset=utf-8')],
    ['/style.css', await read('style.css', 'text/css; charset=utf-8')],
    ['/icon.svg', await read('icon.svg', 'image/svg+xml')],
    ['/fingerprint.svg', await read('fingerprint.svg', 'image/svg+xml')],
    ['/wallet.js', { type: 'text/javascript; charset=utf-8', body: script.contents }],
  ])
}
