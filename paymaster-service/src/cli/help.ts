import type { CommandLine, CommandOption } from './command.ts'
import { commonOptions } from './command.ts'
import { commands } from './commands.ts'
import { initCommand } from './init.ts'
import { signerNewCommand } from './signerNew.ts'

/** Every command in a line. */
export function overview(): string {
  const lines = [
    [initCommand.words, initCommand.summary],
    [signerNewCommand.words, signerNewCommand.summary],
    ...commands.map(({ words, summary }) => [words, summary]),
    ['serve', 'serves until it is ended; so does no command at all'],
  ]
  return `fabstir-paymaster: ERC-7677 paymaster service

Usage: fabstir-paymaster <command> [options]

${table(lines)}

fabstir-paymaster <command> --help shows the options of a command.
`
}

/** Arguments and options of one command. */
export function commandHelp({ words, summary, arguments: expected, options }: CommandLine): string {
  const usage = expected.map(({ name, optional }) => (optional ? `[${name}]` : name)).join(' ')
  const lines = [
    ...expected.map(({ name, description }) => [name, description]),
    ...Object.entries({ ...options, ...commonOptions }).map(optionLine),
  ]
  return `fabstir-paymaster ${words}: ${summary}

Usage: fabstir-paymaster ${words} ${usage === '' ? '' : `${usage} `}[options]

${table(lines)}
`
}

function optionLine([name, { value, multiple, description }]: [string, CommandOption]): string[] {
  return [`--${name}${value ? ` ${value}` : ''}${multiple ? ' …' : ''}`, description]
}

/** Lines with their columns below each other. */
function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([first = '']) => first.length))
  return rows.map(([first = '', second = '']) => `  ${first.padEnd(width)}  ${second}`).join('\n')
}
