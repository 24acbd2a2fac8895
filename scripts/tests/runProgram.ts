import { spawn } from 'node:child_process'

export type Ended = { code: number | null; output: string }

/** Runs a program to its end. `onOutput` sees what it prints; all of standard output is returned. */
export function runProgram(
  name: string,
  args: readonly string[],
  {
    cwd,
    env = {},
    onOutput,
  }: {
    cwd?: string
    env?: Record<string, string> | undefined
    onOutput?: (text: string) => void
  } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
    })
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk
      onOutput?.(`${chunk}`)
    })
    child.stderr.on('data', (chunk: Buffer) => onOutput?.(`${chunk}`))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
