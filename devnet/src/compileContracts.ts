import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')

/**
 * Compiles the contracts with Hardhat and generates what a deployment reads: only needed when their sources were
 * changed since `pnpm generate`.
 * @throws {@link CompileError} with what the compiler said.
 */
export async function compileContracts(): Promise<void> {
  const hardhat = createRequire(join(root, 'package.json')).resolve('hardhat')
  await runNode([join(dirname(hardhat), 'cli.js'), 'build', '--quiet', '--no-tests'])
  await runNode([join(root, 'contracts/scripts/generate.ts')])
}

async function runNode(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new CompileError(output)
}

export class CompileError extends Error {
  override name = 'CompileError'
  constructor(output: string) {
    super(`the contracts do not compile:\n${output.trim()}`)
  }
}
