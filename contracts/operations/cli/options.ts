import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { type Address, getAddress, isAddress } from 'viem'
import { CommandLineError } from './runCommand.ts'

/** `parseArgs` with the error that {@link CommandLineError} stands for. */
export function readOptions<const options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: options,
) {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new CommandLineError(error instanceof Error ? error.message : String(error))
  }
}

export function required(name: string, value: string | undefined): string {
  if (!value) throw new CommandLineError(`--${name} is missing`)
  return value
}

export function addressOption(name: string, value: string | undefined): Address {
  const text = required(name, value)
  if (!isAddress(text)) throw new CommandLineError(`--${name}: "${text}" is not an address`)
  return getAddress(text)
}

export function urlOption(name: string, value: string | undefined): string {
  const text = required(name, value)
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new CommandLineError(`--${name}: "${text}" is not an http or https address`)
  }
  return text
}

export function integerOption(
  name: string,
  value: string | undefined,
  { minimum, maximum }: { minimum: number; maximum: number },
): number {
  const text = required(name, value)
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < minimum || number > maximum) {
    throw new CommandLineError(
      `--${name}: expected a whole number from ${minimum} to ${maximum}, got "${text}"`,
    )
  }
  return number
}
