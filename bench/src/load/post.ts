import type { Pool } from 'undici'

export type Post = { path: string; headers: Record<string, string>; body: string }

/**
 * One POST, without the streams and promises of undici's own `request`: each answer left 11 kB behind there, and what
 * collected them stopped every request in flight.
 * @returns The body, in the parts that came. @throws What the connection fails with.
 */
export function post(pool: Pool, request: Post): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = []
    pool.dispatch(
      { ...request, method: 'POST' },
      {
        onRequestStart() {},
        onResponseStart() {},
        onResponseData(_controller, part) {
          parts.push(part)
        },
        onResponseEnd() {
          resolve(parts)
        },
        onResponseError(_controller, error) {
          reject(error)
        },
      },
    )
  })
}
