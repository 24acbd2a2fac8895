import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

/** Statements kept compiled; a service has some thirty. */
const preparedLimit = 100

/**
 * A database of `node:sqlite` in the shape that Kysely's SQLite dialect takes.
 * @param onRun Called after each statement.
 */
export function adaptDatabase(
  database: DatabaseSync,
  onRun: () => void = () => {},
): SqliteDatabase {
  const statements = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = statements.get(sql) ?? adaptStatement(database, sql, onRun)
      if (statements.size < preparedLimit) statements.set(sql, statement)
      return statement
    },
  }
}

function adaptStatement(database: DatabaseSync, sql: string, onRun: () => void): SqliteStatement {
  const statement = database.prepare(sql)
  const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[]
  const after = <result>(result: result): result => {
    onRun()
    return result
  }
  return {
    // Kysely asks whether the statement answers rows.
    reader: statement.columns().length > 0,
    all: (parameters) => after(statement.all(...bind(parameters))),
    run: (parameters) => after(statement.run(...bind(parameters))),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  }
}
