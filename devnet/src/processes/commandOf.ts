import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * A service's own command line: `main.ts` beside the file that its package exports, run with the options of Node that
 * its first line has (`#!/usr/bin/env -S node --option`).
 */
export function commandOf(packageName: string): { command: string; args: string[] } {
  const main = join(dirname(createRequire(import.meta.url).resolve(packageName)), 'main.ts')
  return { command: process.execPath, args: [...nodeOptionsOf(readFileSync(main, 'utf8')), main] }
}

/** Options of Node in the first line of a program. */
export function nodeOptionsOf(program: string): string[] {
  const [, options] = /^#!.*\bnode\b(.*)/.exec(program) ?? []
  if (options === undefined) throw new Error('the first line of the program does not run node')
  return options.trim().split(/\s+/).filter(Boolean)
}
