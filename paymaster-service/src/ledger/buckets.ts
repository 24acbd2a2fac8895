import type { Address } from 'viem'
import type { Cap, Caps } from '../policy/capsDocument.ts'
import type { CapWindow } from '../policy/window.ts'
import { windowBounds } from '../policy/window.ts'

/** An account of one cap's window. */
export type CapBucket = { scope: 'global' | 'user'; cap: Cap; id: string }

/** Accounts of the windows that `now` falls in, one for each cap of the policy. */
export function capBuckets(
  { id, caps }: { id: string; caps: Caps },
  sender: Address,
  now: number,
): CapBucket[] {
  const bucket = (scope: CapBucket['scope'], cap: Cap): CapBucket => {
    const owner = scope === 'global' ? '*' : sender.toLowerCase()
    return {
      scope,
      cap,
      id: `${id}/${owner}/${cap.window}/${windowBounds(cap.window, now).start}`,
    }
  }
  return [
    ...caps.global.map((cap) => bucket('global', cap)),
    ...caps.user.map((cap) => bucket('user', cap)),
  ]
}

/** Account of what a paymaster's deposit has to pay, over all policies. No policy's id begins with a colon. */
export function paymasterBucket({
  chainId,
  paymaster,
}: {
  chainId: number
  paymaster: Address
}): string {
  return `:${chainId}:${paymaster.toLowerCase()}/never/0`
}

/** First second (Unix) after the window of a bucket; `null` for one that never ends. */
export function bucketEnd(id: string): number | null {
  const [window, start] = id.split('/').slice(-2)
  return windowBounds(window as CapWindow, Number(start)).end
}
