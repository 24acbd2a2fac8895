import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { chunks } from './chunks.ts'
import { StoreUnavailableError } from './errors.ts'
import type { ListQuery, ListStatement } from './listStatement.ts'
import type { StoreLocation } from './location.ts'
import { describeLocation } from './location.ts'
import { lockNumbers } from './locks.ts'
import type { Store, StoreTables } from './store.ts'

/** Connections of one instance. Writers of the ledger wait for each other anyway. */
const maxConnections = 10
/** Times that a transaction is tried when the database gives it up for another one, or its connection is lost. */
const maxAttempts = 5

type Timeouts = Pick<
  pg.PoolConfig,
  'lock_timeout' | 'statement_timeout' | 'idle_in_transaction_session_timeout' | 'query_timeout'
>

/** Milliseconds. A transaction whose instance is gone must not hold up the others for long. */
const usualTimeouts: Timeouts = {
  lock_timeout: 10_000,
  statement_timeout: 15_000,
  idle_in_transaction_session_timeout: 15_000,
  // When the machine of the database is gone, nothing comes back at all.
  query_timeout: 20_000,
}

/** For a migration: a table that is made anew takes as long as it has rows, and other instances wait for it. */
export const noTimeouts: Timeouts = {}

/** SQLSTATE 40001 and 40P01: nothing of the transaction was kept, and it may be tried again. */
const gaveWay = new Set(['40001', '40P01'])
/**
 * SQLSTATE 08 (connection), 25P03 (idle in a transaction), 28 (login), 3D000 (no such database), 53300 (too many
 * connections), 55P03 (a lock was not given in time), 57014 (a statement took too long), 57P (shut down).
 */
const unavailable = /^(08...|25P03|28...|3D000|53300|55P03|57014|57P..)$/
/** 64-bit integers: all that are kept fit a number exactly. */
const int8 = 20

/**
 * Opens a PostgreSQL database. Connections are made when they are needed, so a database that comes
 * back is used again.
 */
export function openPostgres(location: StoreLocation, timeouts = usualTimeouts): Store {
  const name = describeLocation(location)
  const pool = new pg.Pool({
    connectionString: location,
    max: maxConnections,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'fabstir-paymaster',
    ...timeouts,
    // What was acknowledged is on the database's disk, whatever its default is.
    options: '-c synchronous_commit=on',
    types: {
      getTypeParser: (type, format) =>
        type === int8 ? Number : pg.types.getTypeParser(type, format),
    },
  })
  // A connection that breaks while nobody uses it is thrown away by the pool, and one that breaks
  // between two statements of a transaction fails the next: without listeners either ends the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<StoreTables>({ dialect: new PostgresDialect({ pool }) })

  /** Asks, and asks again where nothing can have been kept. */
  async function answered<result>(
    ask: () => Promise<result>,
    mayRepeat: (error: unknown) => boolean,
  ): Promise<result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask()
      } catch (error) {
        if (attempt < maxAttempts && mayRepeat(error)) continue
        throw isUnavailable(error) ? new StoreUnavailableError(name, error) : error
      }
    }
  }

  const read = <result>(ask: () => Promise<result>) => answered(ask, isLost)

  return {
    kind: 'postgres',
    db,
    read,
    transaction(work) {
      // While the work runs nothing is committed; when it is done and the commit is not answered,
      // nobody knows.
      let committing = false
      return answered(
        () => {
          committing = false
          // Locks, not snapshots, keep instances apart: each statement must see what was committed
          // before the lock was given (decision 50).
          return db
            .transaction()
            .setIsolationLevel('read committed')
            .execute(async (trx) => {
              const result = await work(trx)
              committing = true
              return result
            })
        },
        (error) => gaveWay.has(codeOf(error)) || (!committing && isLost(error)),
      )
    },
    async lock(trx, locks) {
      const numbers = lockNumbers(locks)
      if (numbers.length === 0) return
      const kinds = numbers.map(([kind]) => kind)
      const names = numbers.map(([, number]) => number)
      // Rows of `unnest` come in their order, and so do the locks.
      await sql`select pg_advisory_xact_lock(kind, name) from unnest(${kinds}::int[], ${names}::int[]) as locks (kind, name)`.execute(
        trx,
      )
    },
    listStatement<item, row>({
      build,
      parameters,
    }: ListQuery<item, row>): ListStatement<item, row> {
      const texts = new Map<number, string>()
      return async (trx, items) => {
        const rows = []
        for (const part of chunks(items)) {
          const text = texts.get(part.length) ?? build(db, part).sql
          texts.set(part.length, text)
          const values = part.flatMap((item) => [...parameters(item)])
          rows.push(...(await trx.executeQuery<row>(CompiledQuery.raw(text, values))).rows)
        }
        return rows
      }
    },
    exactSum: (column) => sql`sum(${sql.ref(column)}::numeric)::text`,
    ping: () =>
      read(async () => {
        await db.selectFrom('store_areas').select('area').limit(1).execute()
      }),
    close: () => db.destroy(),
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''
}

/** An open connection was lost, as all are when the database starts anew; another may be had. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (code === '') return /^Connection terminated|not queryable/.test(error.message)
  return code === '57P01' || code === 'ECONNRESET' || code === 'EPIPE'
}

/** Errors of Node's sockets have a code like ECONNREFUSED; those of pg about them have none. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (code === '') return /connect|terminat|timeout|not queryable/i.test(error.message)
  return unavailable.test(code) || /^E[A-Z]+$/.test(code)
}
