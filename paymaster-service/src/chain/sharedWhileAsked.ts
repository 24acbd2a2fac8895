/** Whoever asks while an answer is under way gets that one. */
export function sharedWhileAsked<answer>(ask: () => Promise<answer>): () => Promise<answer> {
  let underWay: Promise<answer> | undefined
  return () => {
    underWay ??= ask().finally(() => {
      underWay = undefined
    })
    return underWay
  }
}
