import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { LoadMessage, LoadOrder, LoadResult } from './loadMessages.ts'

export type LoadGenerator = {
  /** Sends all requests of the order. One order at a time. */
  run(order: LoadOrder, onProgress?: (answered: number) => void): Promise<LoadResult>
  stop(): Promise<void>
}

/** Small, so that collecting it takes 2 ms and not 10 to 20: all requests in flight seem to take that time. */
const newSpaceMb = 8

/** Starts the process that sends requests. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, 'loadProcess.ts'), {
    serialization: 'advanced',
    execArgv: [...process.execArgv, `--max-semi-space-size=${newSpaceMb}`],
  })
  const exited = once(child, 'exit')
  return {
    run: (order, onProgress) =>
      new Promise((resolve, reject) => {
        const end = (settle: () => void) => {
          child.off('message', onMessage)
          child.off('exit', onExit)
          settle()
        }
        const onExit = (code: number | null) =>
          end(() => reject(new Error(`the load process ended with code ${code}`)))
        const onMessage = (message: LoadMessage) => {
          if (message.kind === 'progress') onProgress?.(message.answered)
          else end(() => resolve(message.result))
        }
        child.on('message', onMessage)
        child.once('exit', onExit)
        child.send(order, (error) => (error ? end(() => reject(error)) : globalThis.gc?.()))
      }),
    async stop() {
      child.disconnect()
      await exited
    },
  }
}
