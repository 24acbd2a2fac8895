import type { Alert } from './alerts.ts'

/**
 * Posts alerts as JSON `{alerts: [...]}`; three attempts.
 * @returns Whether one of them was answered with 2xx.
 */
export async function notify(
  url: string,
  alerts: readonly Alert[],
  { attempts = 3, pauseMs = 1_000 }: { attempts?: number; pauseMs?: number } = {},
): Promise<boolean> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ alerts }),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined)
    if (response?.ok) return true
    if (attempt < attempts) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  return false
}
