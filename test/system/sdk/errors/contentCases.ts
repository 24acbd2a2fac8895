import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ContentIdError,
  ContentMismatchError,
  ContentNotFoundError,
  ContentReadOnlyError,
  ContentTooLargeError,
  ContentUnavailableError,
  gatewayStore,
  memoryStore,
  toContentId,
} from '@fabstir/sdk/content'
import type { ErrorCase } from './errorCase.ts'

const text = 'What is a rollup?'
const cid = toContentId(new TextEncoder().encode(text))

/** What a gateway that answers like this makes of asking for the content. */
async function getFrom(status: number, body: string): Promise<unknown> {
  const server = createServer((_, response) => response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    return await gatewayStore({ gateway: `http://127.0.0.1:${port}` }).get(cid)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

/** What is wrong with content, its ids, and the servers that keep it. */
export const contentCases: readonly ErrorCase[] = [
  {
    error: ContentMismatchError,
    when: 'a gateway gives something else',
    happen: () => getFrom(200, 'What is a roll-up?'),
    fields: { cid },
  },
  {
    error: ContentNotFoundError,
    when: 'the store has nothing of the id',
    happen: () => memoryStore().get(cid),
    fields: { cid },
  },
  {
    error: ContentNotFoundError,
    when: 'a gateway answers 404',
    happen: () => getFrom(404, 'not found'),
    fields: { cid },
  },
  {
    error: ContentTooLargeError,
    when: 'more is stored than the store takes',
    happen: () => memoryStore({ maxBytes: 3 }).put(text),
    fields: { size: text.length, maximum: 3 },
  },
  {
    error: ContentIdError,
    when: 'an id is none',
    happen: () => memoryStore().get('bafynothing'),
    fields: { cid: 'bafynothing' },
  },
  {
    error: ContentUnavailableError,
    when: 'a gateway answers 502',
    happen: () => getFrom(502, 'Bad Gateway'),
    fields: { status: 502 },
  },
  {
    error: ContentUnavailableError,
    when: 'nobody listens at the gateway’s address',
    happen: () => gatewayStore({ gateway: 'http://127.0.0.1:9' }).get(cid),
    fields: { status: undefined },
    cause: {},
  },
  {
    error: ContentReadOnlyError,
    when: 'something is put into a gateway',
    happen: () => gatewayStore({ gateway: 'http://127.0.0.1:9' }).put(text),
  },
]
