import { readFileSync } from 'node:fs'
import { CommandLineError } from './command.ts'

const units = { s: 1, m: 60, h: 3_600, d: 86_400 } as const

/** Seconds of a text like `90d`. @throws CommandLineError */
export function duration(words: string, option: string, text: string): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? []
  if (count === undefined || unit === undefined)
    throw new CommandLineError(
      words,
      `${option}: expected a time like 90d, 12h or 30m, not ${text}`,
    )
  return Number(count) * units[unit as keyof typeof units]
}

/** The JSON value in a file. @throws InputFileError */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new InputFileError(path, error)
  }
}

/** A file that a command names cannot be read. */
export class InputFileError extends Error {
  override name = 'InputFileError'

  constructor(path: string, cause: unknown) {
    super(`${path}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}
