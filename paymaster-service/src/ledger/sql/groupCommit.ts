import type { Kysely } from 'kysely'
import type { LedgerTransaction } from './rows.ts'
import type { LedgerTables } from './schema.ts'

/** Most pieces of work in one transaction: bounds how long the first waits for the last. */
const maxGroup = 128

type Work<result> = (trx: LedgerTransaction) => Promise<result>

/** Runs work in a transaction that is durable when the promise resolves. */
export type Commit = <result>(work: Work<result>) => Promise<result>

/**
 * One transaction for all the work that waits at the same time, one after the other in it: a disk
 * takes hundreds of synchronous commits a second, whatever is in each. Work sees what the work
 * before it wrote, as if each had a transaction of its own. When one fails, nothing of the group is
 * kept and each is run again by itself.
 */
export function groupCommit(db: Kysely<LedgerTables>): Commit {
  let waiting: { run: Work<() => void>; reject: (reason: unknown) => void }[] = []
  let running = false

  async function runAll() {
    running = true
    // What arrived over the network in the same turn of the event loop joins.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxGroup)
      waiting = waiting.slice(maxGroup)
      if (!(await commitGroup(group))) for (const each of group) await commitGroup([each], true)
    }
    running = false
  }

  /** @returns Whether the work is done, also when it failed for good. */
  async function commitGroup(group: typeof waiting, alone = group.length === 1): Promise<boolean> {
    try {
      const answers = await db.transaction().execute(async (trx) => {
        const answered: (() => void)[] = []
        for (const { run } of group) answered.push(await run(trx))
        return answered
      })
      for (const answer of answers) answer()
      return true
    } catch (error) {
      if (!alone) return false
      for (const { reject } of group) reject(error)
      return true
    }
  }

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push({
        reject,
        async run(trx) {
          const result = await work(trx)
          return () => resolve(result)
        },
      })
      if (!running) void runAll()
    })
}
