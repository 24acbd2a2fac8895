/** Milliseconds for whatever waits for somebody else, when nobody says how many. */
export const defaultTimeout = 120_000

/**
 * What a promise resolves with. When it takes longer, an error named `TimeoutError`: the promise goes on, and nobody
 * hears of it any more.
 * @param milliseconds At most.
 */
export async function within<result>(
  milliseconds: number,
  promise: Promise<result>,
): Promise<result> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeOver = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`no answer within ${milliseconds} ms`)
      error.name = 'TimeoutError'
      reject(error)
    }, milliseconds)
  })
  try {
    return await Promise.race([promise, timeOver])
  } finally {
    clearTimeout(timer)
  }
}
