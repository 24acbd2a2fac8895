import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type ChildServiceParameters = {
  /** Name in error messages. */
  name: string
  command: string
  args: readonly string[]
  env?: Record<string, string>
  /** The line of standard output that says that the service answers. Its first group is its URL. */
  ready: RegExp
  /** Milliseconds until a silent start counts as failed. */
  timeoutMs?: number
}

export type ChildService = {
  url: string
  pid: number
  /** Resolves with the exit code when the process has ended, whoever ended it. */
  exited: Promise<number | null>
  /** SIGTERM, and SIGKILL after five seconds. Resolves when the process is gone. */
  stop(): Promise<void>
  /** Sends one signal, for fault injection. */
  kill(signal: NodeJS.Signals): void
}

/** Starts a server as a child process and resolves when it answers. Throws {@link ServiceStartError}. */
export async function startChildService({
  name,
  command,
  args,
  env,
  ready,
  timeoutMs = 30_000,
}: ChildServiceParameters): Promise<ChildService> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', () => resolve(null))
  })
  // Whatever ends this process without close() takes its services along.
  const killWithParent = () => void child.kill('SIGKILL')
  process.once('exit', killWithParent)
  void exited.then(() => process.removeListener('exit', killWithParent))
  const url = await waitForReadyLine(child, { name, ready, timeoutMs, exited }).catch(
    (error: unknown) => {
      child.kill('SIGKILL')
      throw error
    },
  )
  return {
    url,
    pid: child.pid ?? 0,
    exited,
    kill: (signal) => void child.kill(signal),
    async stop() {
      child.kill('SIGTERM')
      const hardStop = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await exited
      clearTimeout(hardStop)
    },
  }
}

function waitForReadyLine(
  child: ChildProcess,
  options: { name: string; ready: RegExp; timeoutMs: number; exited: Promise<number | null> },
): Promise<string> {
  const { name, ready, timeoutMs, exited } = options
  const lastLines: string[] = []
  return new Promise<string>((resolve, reject) => {
    const timeout = setTimeout(
      () => reject(new ServiceStartError(name, `no answer within ${timeoutMs} ms`, lastLines)),
      timeoutMs,
    )
    child.once('error', (error) => reject(new ServiceStartError(name, error.message, lastLines)))
    void exited.then((code) => {
      clearTimeout(timeout)
      reject(new ServiceStartError(name, `ended with exit code ${code}`, lastLines))
    })
    const onLine = (line: string) => {
      lastLines.push(line)
      if (lastLines.length > 10) lastLines.shift()
      const match = ready.exec(line)
      if (!match) return
      clearTimeout(timeout)
      resolve(match[1] ?? '')
    }
    // Both streams are read to the end: a full pipe would stop the service.
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', onLine)
    }
  })
}

/** A service of the devnet did not come up. `lastLines` is the end of what it printed. */
export class ServiceStartError extends Error {
  override name = 'ServiceStartError'
  readonly service: string
  readonly lastLines: readonly string[]
  constructor(service: string, reason: string, lastLines: readonly string[]) {
    super([`${service}: ${reason}`, ...lastLines.map((line) => `  ${line}`)].join('\n'))
    this.service = service
    this.lastLines = lastLines
  }
}
