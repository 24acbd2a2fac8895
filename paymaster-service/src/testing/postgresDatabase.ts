import pg from 'pg'
import { inject } from 'vitest'
import type { StoreLocation } from '../store/location.ts'

export type TestDatabase = {
  location: StoreLocation
  /** Ends every connection to it, as a restart of the server would. */
  disconnectAll(): Promise<void>
  drop(): Promise<void>
}

let count = 0

/** Starts the test run's server when it does not run yet: `beforeAll(startPostgres, 120_000)`. */
export async function startPostgres(): Promise<string> {
  const response = await fetch(inject('postgresControl'))
  const answer = await response.text()
  if (!response.ok) throw new Error(answer)
  return answer
}

/** A new, empty PostgreSQL database on the test run's own server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await startPostgres()
  const name = `test_${process.pid}_${count++}`
  await run(server, `create database ${name}`)
  return {
    location: `${server}/${name}` as StoreLocation,
    disconnectAll: () =>
      run(
        server,
        `select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '${name}'`,
      ),
    drop: () => run(server, `drop database if exists ${name} with (force)`),
  }
}

async function run(server: string, statement: string): Promise<void> {
  const client = new pg.Client(`${server}/postgres`)
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
