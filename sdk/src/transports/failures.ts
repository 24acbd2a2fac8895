import { causes } from '../errors/rpcError.ts'
import type { Service } from '../errors/transport.ts'

const failures = new WeakMap<Error, Service>()

/** Remembers which service an error comes from: transports need not have an address that tells. */
export function blame(service: Service, error: unknown): void {
  if (error instanceof Error) failures.set(error, service)
}

/** The service that an error or one of its causes comes from; `undefined` when no transport of ours has seen it. */
export function findBlamed(error: unknown): Service | undefined {
  for (const link of causes(error)) {
    const service = failures.get(link)
    if (service) return service
  }
  return undefined
}
