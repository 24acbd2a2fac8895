/** Input of a command that breaks a rule; the process ends with code 2. */
export class CommandLineError extends Error {
  override name = 'CommandLineError'
}

/** Runs a command line program: its exit code is what `main` returns, errors are one line. */
export async function runCommand(
  name: string,
  main: (args: readonly string[]) => Promise<number>,
): Promise<void> {
  // `pnpm contracts:verify -- --help` hands the separator on.
  const args = process.argv.slice(2).filter((argument) => argument !== '--')
  process.exitCode = await main(args).catch((error: unknown) => {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    return error instanceof CommandLineError ? 2 : 1
  })
}
