/** Whether the time was over before the signal was aborted, or before there was news. */
export function pauseUntil(
  milliseconds: number,
  signal: AbortSignal,
  news?: Promise<void>,
): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isOver: boolean) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      resolve(isOver)
    }
    const abort = () => end(false)
    const timer = setTimeout(end, milliseconds, true)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort)
    news?.then(abort)
  })
}
