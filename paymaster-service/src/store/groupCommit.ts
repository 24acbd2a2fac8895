import { StoreUnavailableError } from './errors.ts'

/** Most pieces of work in one transaction: bounds how long the first waits for the last. */
const maxGroup = 128

type Run<context, result> = (context: context) => Promise<result>

/** Runs work in a transaction that is durable when the promise resolves. */
export type Commit<context, need> = <result>(
  needs: readonly need[],
  run: Run<context, result>,
) => Promise<result>

/** One transaction: takes what all of the work needs (locks, rows to read), then lets it run in its context. */
export type CommitGroup<context, need> = (
  needs: readonly need[],
  run: Run<context, void>,
) => Promise<void>

/**
 * One transaction for all the work that waits at the same time, one after the other in it: a disk
 * takes hundreds of synchronous commits a second, whatever is in each. Work sees what the work
 * before it wrote, as if each had a transaction of its own. When one fails, nothing of the group is
 * kept and each is run again by itself; so work may run more than once.
 */
export function groupCommit<context, need>(
  commitGroup: CommitGroup<context, need>,
): Commit<context, need> {
  type Waiting = {
    needs: readonly need[]
    run: Run<context, () => void>
    reject: (reason: unknown) => void
  }
  let waiting: Waiting[] = []
  let running = false

  async function runAll() {
    running = true
    // What arrived over the network in the same turn of the event loop joins.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxGroup)
      waiting = waiting.slice(maxGroup)
      if (!(await commitAll(group))) for (const each of group) await commitAll([each])
    }
    running = false
  }

  /** @returns Whether the work is done, also when it failed for good. */
  async function commitAll(group: readonly Waiting[]): Promise<boolean> {
    let answers: (() => void)[] = []
    try {
      await commitGroup(
        group.flatMap(({ needs }) => needs),
        async (context) => {
          answers = []
          for (const { run } of group) answers.push(await run(context))
        },
      )
    } catch (error) {
      // One by one they would wait for the same database, each as long as the first.
      if (group.length > 1 && !(error instanceof StoreUnavailableError)) return false
      for (const { reject } of group) reject(error)
      return true
    }
    for (const answer of answers) answer()
    return true
  }

  return (needs, run) =>
    new Promise((resolve, reject) => {
      waiting.push({
        needs,
        reject,
        async run(context) {
          const result = await run(context)
          return () => resolve(result)
        },
      })
      if (!running) void runAll()
    })
}
