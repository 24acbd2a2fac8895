/**
 * Runs an ES module in a context with nothing but what browsers, workers and Deno share: no DOM, no `process`, no
 * `Buffer`, no `require`, no module to import. Prints what it logs. Run with `--experimental-vm-modules`.
 */
import { readFile } from 'node:fs/promises'
import { createContext, SourceTextModule } from 'node:vm'

const { AbortController, AbortSignal, atob, btoa, crypto, fetch, Headers, Request, Response } =
  globalThis
const { clearTimeout, queueMicrotask, setTimeout, structuredClone, URL, URLSearchParams } =
  globalThis
const { TextDecoder, TextEncoder } = globalThis

const webGlobals = {
  ...{ AbortController, AbortSignal, atob, btoa, crypto, fetch, Headers, Request, Response },
  ...{ clearTimeout, queueMicrotask, setTimeout, structuredClone, URL, URLSearchParams },
  ...{ TextDecoder, TextEncoder },
  console,
}

const [file = ''] = process.argv.slice(2)
const context = createContext({ ...webGlobals })
const module = new SourceTextModule(await readFile(file, 'utf8'), { context, identifier: file })
await module.link((specifier) => {
  throw new Error(`there is nothing to import, not even ${specifier}`)
})
await module.evaluate()
