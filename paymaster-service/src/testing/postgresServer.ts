import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers the URL of the PostgreSQL server of this test run. */
    postgresControl: string
  }
}

export type PostgresServer = { url: string; stop(): Promise<void> }

/**
 * Vitest's global setup: one PostgreSQL server for a test run, started when the first test asks for
 * it and stopped, with its files removed, when the run ends.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  let running: Promise<PostgresServer> | undefined
  const control = createServer((_request, response) => {
    running ??= startPostgres()
    running.then(
      ({ url }) => response.end(url),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => control.listen(0, '127.0.0.1', resolve))
  provide('postgresControl', `http://127.0.0.1:${(control.address() as AddressInfo).port}`)
  return async () => {
    control.close()
    control.closeAllConnections()
    const started = await running?.catch(() => undefined)
    await started?.stop()
  }
}

/**
 * A server in a temporary folder.
 * @param durable Whether it waits for the disk. Tests kill services, not the database, and do not.
 */
export async function startPostgres({ durable = false } = {}): Promise<PostgresServer> {
  const file = join(import.meta.dirname, 'postgresProcess.ts')
  const child = spawn(process.execPath, [file, ...(durable ? ['--durable'] : [])], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const errors: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  const exited = once(child, 'exit')
  const url = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line)),
    exited.then(() => undefined),
  ])
  if (url === undefined) throw new Error(errors.join(''))
  return {
    url,
    async stop() {
      child.stdin.end()
      await exited
    },
  }
}
