import type { WaitOptions } from '../types/client.ts'
import { sleep } from './sleep.ts'

/**
 * Waits until it is time to ask again.
 * @param deadline Milliseconds since 1970.
 * @returns Whether there is time left.
 */
export async function pause(
  { wait }: { wait: Pick<WaitOptions, 'pollingInterval'> },
  deadline: number,
): Promise<boolean> {
  const left = deadline - Date.now()
  if (left <= 0) return false
  await sleep(Math.min(wait.pollingInterval, left))
  return true
}
