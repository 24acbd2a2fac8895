/** Waits for all, so that no failure stops the others. @throws the first failure, after all have ended. */
export async function allOrFailure(tasks: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(tasks)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
