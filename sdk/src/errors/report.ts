/**
 * Shows a failure that must not end what was under way: as an error that nobody caught, where there is a page for it, else
 * on the console.
 */
export function report(error: unknown): void {
  const { reportError = console.error } = globalThis as { reportError?: (error: unknown) => void }
  reportError(error)
}

/** Runs what somebody else wrote. What it throws, or what its promise rejects with, is reported. */
export function reporting(run: () => unknown): void {
  new Promise((resolve) => resolve(run())).catch(report)
}
