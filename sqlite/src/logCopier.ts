import { Worker } from 'node:worker_threads'

/** What is used of a worker thread. */
export type CopyThread = Pick<Worker, 'on' | 'once' | 'postMessage' | 'ref' | 'unref'>

/**
 * Copies a database's log into its file in another thread, which starts with the first copy; SQLite lets others write
 * meanwhile.
 * @param path File of the database.
 * @returns Copies what is written at the call; whoever calls meanwhile waits for the same copy. What cannot be copied,
 * because the disk is full or no thread can be started for example, stays in the log.
 */
export function createLogCopier(
  path: string,
  open: () => CopyThread = () => openThread(path),
): () => Promise<void> {
  let thread: CopyThread | undefined
  let copying: PromiseWithResolvers<void> | undefined

  function end() {
    copying?.resolve()
    copying = undefined
  }

  function start(): CopyThread {
    const started = open()
    started.on('message', () => {
      started.unref()
      end()
    })
    // An 'exit' follows.
    started.on('error', () => {})
    started.once('exit', () => {
      thread = undefined
      end()
    })
    return started
  }

  return () => {
    if (copying) return copying.promise
    const copy = Promise.withResolvers<void>()
    copying = copy
    try {
      thread ??= start()
      thread.ref()
      thread.postMessage(undefined)
    } catch {
      end()
    }
    return copy.promise
  }
}

function openThread(path: string): Worker {
  return new Worker(new URL('./copyLogThread.ts', import.meta.url), { workerData: path })
}
