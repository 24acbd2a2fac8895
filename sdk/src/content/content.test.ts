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
  if (pathname.startsWith('/away/')) {
    response.writeHead(307, { location: `${elsewhere}${url}` }).end()
    return
  }
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

/** Another server, which nobody has named. */
let askedElsewhere = 0
const other = createServer((_, response) => {
  askedElsewhere += 1
  response.end()
})

let base: string
let elsewhere: string
let folder: string
const listen = async (listener: typeof server) => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
}
beforeAll(async () => {
  base = await listen(server)
  elsewhere = await listen(other)
  folder = await mkdtemp(join(tmpdir(), 'fabstir-content-'))
})
afterAll(async () => {
  for (const listener of [server, other]) {
    listener.closeAllConnections()
    listener.close()
  }
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

test('what a server asks for in its query stays', async () => {
  asked = []
  const place = `${base}?token=a%2Fb`
  const gateway = gatewayStore({ gateway: place, api: place })
  await gateway.get(await gateway.put('x'))
  const s5 = s5Store({ url: place })
  await s5.get(await s5.put('x'))
  const queries = asked.map(({ url }) => url.split('?')[1])
  expect(queries).toEqual([
    'token=a%2Fb&cid-codec=raw&mhtype=sha2-256&pin=true',
    'token=a%2Fb&format=raw',
    'token=a%2Fb',
    'token=a%2Fb',
  ])
})

describe('redirects', () => {
  const content = 'led elsewhere'
  const cid = toContentId(content)
  const headers = { 'X-Api-Key': 'secret' }

  test('lead neither what is put nor who asks to another server', async () => {
    const url = `${base}/away`
    const gateway = gatewayStore({ gateway: url, api: url, headers })
    const s5 = s5Store({ url, headers })
    for (const ask of [
      () => gateway.get(cid),
      () => gateway.put(content),
      () => s5.get(toS5Id(content)),
      () => s5.put(content),
    ])
      await expect(ask()).rejects.toMatchObject({ name: 'ContentUnavailableError', status: 307 })
    expect(askedElsewhere).toBe(0)
  })

  /** Asks a gateway that leads to a place, and tells which places were asked, with the key or without. */
  async function follow(location: string, { type = 'basic' } = {}) {
    const places: string[] = []
    const ask = async (input: string | URL | Request, init: RequestInit = {}) => {
      const { href } = input as URL
      const key = new Headers(init.headers).get('x-api-key')
      places.push(`${href} ${key ?? 'without a key'}`)
      const isLed = init.redirect !== 'manual' || href === new URL(location, href).href
      if (isLed) return new Response(content)
      const opaque = type === 'opaqueredirect'
      const response = new Response(null, opaque ? {} : { status: 301, headers: { location } })
      return Object.defineProperty(response, 'type', { value: type })
    }
    const gateway = 'https://gateway.example/x'
    const status = await gatewayStore({ gateway, headers, fetch: ask })
      .get(cid)
      .then(
        () => 200,
        (error: { status?: number }) => error.status,
      )
    return { places, status }
  }
  const first = `https://gateway.example/x/ipfs/${cid}?format=raw secret`

  test.each([
    `https://${cid}.ipfs.gateway.example/?format=raw`,
    'https://cdn.gateway.example/block',
  ])('to %s, below its own host, are followed without own headers', async (location) => {
    const places = [first, `${location} without a key`]
    expect(await follow(location)).toEqual({ places, status: 200 })
  })

  test('within its origin are followed with them', async () => {
    const places = [first, 'https://gateway.example/other secret']
    expect(await follow('/other')).toEqual({ places, status: 200 })
  })

  test.each([
    'https://other.example/',
    'https://gateway.example.other/',
    'https://notgateway.example/',
    'https://gateway.example:8443/',
    'http://gateway.example/',
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])('to %s are not followed', async (location) => {
    expect(await follow(location)).toEqual({ places: [first], status: 301 })
  })

  test('end after five', async () => {
    let count = 0
    const ask = async () => {
      count += 1
      return new Response(null, { status: 302, headers: { location: `/${count}` } })
    }
    const store = gatewayStore({ gateway: 'https://gateway.example', fetch: ask })
    await expect(store.get(cid)).rejects.toMatchObject({ status: 302 })
    expect(count).toBe(6)
  })

  test('of which a browser does not say where to are its own affair, without own headers', async () => {
    const { places, status } = await follow('/hidden', { type: 'opaqueredirect' })
    const again = first.replace('secret', 'without a key')
    expect({ places, status }).toEqual({ places: [first, again], status: 200 })
  })
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
