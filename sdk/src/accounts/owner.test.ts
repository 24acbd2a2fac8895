import type { EIP1193Provider } from 'viem'
import { expect, test, vi } from 'vitest'
import { OwnerSigningError } from '../errors/configuration.ts'
import { resolveOwner } from './owner.ts'

const wallet = (request: () => Promise<unknown>) => ({ request }) as unknown as EIP1193Provider

test('a wallet whose person has gone away is given up after two minutes', async () => {
  vi.useFakeTimers()
  try {
    const asking = resolveOwner(wallet(() => new Promise(() => undefined)))
    const outcome = expect(asking).rejects.toBeInstanceOf(OwnerSigningError)
    await vi.advanceTimersByTimeAsync(120_000)
    await outcome
  } finally {
    vi.useRealTimers()
  }
})

test('what a wallet refuses stays what it is', async () => {
  const refusal = Object.assign(new Error('User rejected the request.'), { code: 4001 })
  await expect(resolveOwner(wallet(() => Promise.reject(refusal)))).rejects.toBe(refusal)
})
