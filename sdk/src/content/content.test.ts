import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { blake3 } from '@noble/hashes/blake3.js'
import fc from 'fast-check'
import { createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ContentIdError,
  ContentMismatchError,
  ContentNotFoundError,
  ContentReadOnlyError,
  ContentTooLargeError,
  ContentUnavailableError,
} from '../errors/content.ts'
import { toContentId } from './contentId.ts'
import type { ContentStore } from './contentStore.ts'
import { fileStore } from './fileStore.ts'
import { gatewayStore } from './gatewayStore.ts'
import { heliaStore } from './heliaStore.ts'
import { memoryStore } from './memoryStore.ts'
import { parseS5Id, toS5Id } from './s5Id.ts'
import { s5Store } from './s5Store.ts'

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** Gateway, Kubo API and S5 node in one, as far as the stores ask: a real server that keeps what it is given. */
const kept = new Map<string, Uint8Array>()
/** What the server does to contents before it gives them. */
let tamper: (content: Uint8Array) => Uint8Array = (content) => content
let asked: { url: string; accept: string | undefined; authorization: string | undefined }[] = []
const server = createServer(async (request, response) => {
  const { url = '', headers, method } = request
  const { accept, authorization } = headers
  asked.push({ url, accept, authorization })
  const { pathname } = new URL(url, 'http://content')
  const give = (content: Uint8Array | undefined) => {
    if (!content) response.writeHead(404).end()
    else response.end(tamper(content))
  }
  if (method === 'POST') {
    const body = new Response(await buffer(request), {
      headers: { 'content-type': headers['content-type'] ?? '' },
    })
    const file = (await body.formData()).get('file') as File
    const content = new Uint8Array(await file.arrayBuffer())
    const isS5 = pathname === '/s5/upload'
    const cid = isS5 ? legacyS5Id(content) : toContentId(content)
    kept.set(cid, content)
    response.end(JSON.stringify(isS5 ? { cid } : { Key: cid, Size: content.length }))
  } else if (pathname === '/s5/blob/denied') response.writeHead(401).end()
  else give(kept.get(decodeURIComponent(pathname.split('/').at(-1) ?? '')))
})
/** Base64url of the form that nodes of today write. */
const legacyS5Id = (content: Uint8Array) =>
  `u${Buffer.from([0x26, 0x1f, ...blake3(content), content.length & 255, content.length >> 8]).toString('base64url')}`

let base: string
let folder: string
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  folder = await mkdtemp(join(tmpdir(), 'fabstir-content-'))
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

const stores: Record<string, (maxBytes?: number) => ContentStore> = {
  memory: (maxBytes) => memoryStore({ maxBytes }),
  file: (maxBytes) => fileStore({ folder, maxBytes }),
  gateway: (maxBytes) => gatewayStore({ gateway: base, api: base, maxBytes }),
  s5: (maxBytes) => s5Store({ url: base, maxBytes }),
  helia: (maxBytes) => heliaStore({ helia: createHeliaLight(), offline: true, maxBytes }),
}

describe.each(Object.keys(stores))('%s', (name) => {
  const make = (maxBytes?: number) =>
    (stores[name] as (maxBytes?: number) => ContentStore)(maxBytes)

  test('gives back what was put, by an id made of it', async () => {
    const store = make()
    const contents = fc.uint8Array({ minLength: 1, maxLength: 2000 })
    await fc.assert(
      fc.asyncProperty(contents, async (content) => {
        const cid = await store.put(content)
        expect(await store.get(cid)).toEqual(content)
        expect(await store.put(content.slice())).toBe(cid)
        if (name !== 's5') expect(cid).toBe(toContentId(content))
      }),
      { numRuns: 20 },
    )
    expect(text(await store.get(await store.put('What is a rollup? ☃')))).toBe(
      'What is a rollup? ☃',
    )
  })

  test('takes what is as large as it may be, and not a byte more', async () => {
    const store = make(100)
    await store.put(new Uint8Array(100))
    await expect(store.put(new Uint8Array(101))).rejects.toMatchObject({ size: 101, maximum: 100 })
  })

  test('knows what it does not have, and what is no id', async () => {
    const unknown = name === 's5' ? toS5Id('nobody put this') : toContentId('nobody put this')
    await expect(make().get(unknown)).rejects.toBeInstanceOf(ContentNotFoundError)
    for (const cid of ['', 'bafy', '../../etc/passwd', 'z!', `b${'a'.repeat(10_000)}`])
      await expect(make().get(cid)).rejects.toBeInstanceOf(ContentIdError)
  })
})

describe('tampered content is refused', () => {
  const changed = (content: Uint8Array) =>
    content.map((byte, index) => (index === 3 ? byte ^ 1 : byte))
  test.each([
    ['a bit', changed],
    ['nothing', () => new Uint8Array()],
    ['less', (content: Uint8Array) => content.slice(0, -1)],
    ['more', (content: Uint8Array) => Uint8Array.from([...content, 0])],
  ])('of servers: %s', async (_, tampered) => {
    for (const store of [gatewayStore({ gateway: base, api: base }), s5Store({ url: base })]) {
      const cid = await store.put('the true result')
      tamper = tampered
      await expect(store.get(cid)).rejects.toBeInstanceOf(ContentMismatchError)
      tamper = (content) => content
    }
  })

  test('of files', async () => {
    const store = fileStore({ folder })
    const cid = await store.put('a result on disk')
    expect(await readdir(folder)).toContain(cid)
    await writeFile(join(folder, cid), 'another result')
    await expect(store.get(cid)).rejects.toBeInstanceOf(ContentMismatchError)
  })

  test('of blocks that a Helia node has stored', async () => {
    const helia = createHeliaLight()
    const store = heliaStore({ helia, offline: true })
    for (const content of ['one block', new Uint8Array(3_000_000).fill(7)]) {
      const cid = await store.put(content)
      const other = new TextEncoder().encode('another block')
      await helia.blockstore.delete(CID.parse(cid))
      await helia.blockstore.put(CID.parse(cid), other)
      await expect(store.get(cid)).rejects.toBeInstanceOf(ContentMismatchError)
    }
  })

  test('a server cannot send without end', async () => {
    const cid = await gatewayStore({ gateway: base, api: base }).put('short')
    tamper = () => new Uint8Array(5_000_000)
    const store = gatewayStore({ gateway: base, maxBytes: 1000 })
    await expect(store.get(cid)).rejects.toBeInstanceOf(ContentTooLargeError)
    tamper = (content) => content
  })
})

describe('ids', () => {
  test('of IPFS are those of `ipfs add`, of S5 those of its specification', () => {
    expect(toContentId('hello')).toBe('bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq')
    // The size and form of the example in the specification, which is by SHA-256.
    expect(toS5Id('Hello, world!')).toMatch(/^blob[a-z2-7]+$/)
    expect(parseS5Id(toS5Id('Hello, world!'))).toEqual({
      hash: blake3(Buffer.from('Hello, world!')),
      size: 13,
    })
    const published = 'uJh_E0n-AYTwt_cTZ0BO0PBgVduIc-cJhYpVkbfANsJ-9leFI'
    expect(parseS5Id(published).size).toBe(18_657)
    expect(parseS5Id('zHnq5PTzaLbboBEvLzecUQQWSpyzuugykxfmxPv4P3ccDcGwnw')).toEqual(
      parseS5Id(published),
    )
    expect(parseS5Id('beyp4jut7qbqtylp5ytm5ae5uhqmbk5xcdt44eylcsvsg34anwcp33fpbja')).toEqual(
      parseS5Id(published),
    )
  })

  test('of trees of blocks are for Helia, which reads them', async () => {
    const store = heliaStore({ helia: createHeliaLight(), offline: true })
    const large = new Uint8Array(3_000_000).map((_, index) => index % 251)
    const cid = await store.put(large)
    expect(CID.parse(cid).code).toBe(0x70)
    expect(Buffer.compare(await store.get(cid), large)).toBe(0)
    await expect(gatewayStore({ gateway: base }).get(cid)).rejects.toThrow(/heliaStore/)
  })
})

test('servers are asked as they want to be asked', async () => {
  asked = []
  const gateway = gatewayStore({ gateway: `${base}/`, api: base })
  const cid = await gateway.put('x')
  await gateway.get(cid)
  const s5 = s5Store({ url: base, authToken: 'token' })
  const s5Cid = await s5.put('x')
  await s5.get(s5Cid)
  expect(asked.map(({ url }) => url)).toEqual([
    '/api/v0/block/put?cid-codec=raw&mhtype=sha2-256&pin=true',
    `/ipfs/${cid}?format=raw`,
    '/s5/upload',
    `/s5/blob/${s5Cid}`,
  ])
  expect(asked[1]?.accept).toBe('application/vnd.ipld.raw')
  expect(asked[3]?.authorization).toBe('Bearer token')
})

test('servers that refuse or are not there are told apart', async () => {
  const gone = gatewayStore({
    gateway: 'http://127.0.0.1:1',
    fetch: () => Promise.reject(new Error('refused')),
  })
  await expect(gone.get(toContentId('x'))).rejects.toMatchObject({ status: undefined })
  const denied = gatewayStore({
    gateway: base,
    fetch: async () => new Response(null, { status: 401 }),
  })
  await expect(denied.get(toContentId('x'))).rejects.toBeInstanceOf(ContentUnavailableError)
  await expect(gatewayStore({ gateway: base }).put('x')).rejects.toBeInstanceOf(
    ContentReadOnlyError,
  )
})
