import type { TermEvent } from './historyEvents.ts'

/** What a job or session opened now would keep. */
export type Terms = {
  /** Ten-thousandths. */
  protocolBps: number
  stakersBps: number
  /** Seconds. */
  reviewWindow: number
  closingWindow: bigint
}

/** Before governance sets it, the review window is a day; everything else is set, and told, at the deployment. */
export const firstTerms: Terms = {
  protocolBps: 0,
  stakersBps: 0,
  reviewWindow: 86_400,
  closingWindow: 0n,
}

export function applyTerms(terms: Terms, event: TermEvent): Terms {
  switch (event.name) {
    case 'FeesSet': {
      const { protocolBps, stakersBps } = event.args
      return { ...terms, protocolBps: Number(protocolBps), stakersBps: Number(stakersBps) }
    }
    case 'ReviewWindowSet':
      return { ...terms, reviewWindow: Number(event.args.reviewWindow) }
    case 'ClosingWindowSet':
      return { ...terms, closingWindow: event.args.window }
  }
}
