import type { App } from '../apiKeys.ts'

/** A JSON-RPC method: its params as they came, and who asks from which HTTP `Origin`. */
export type Method = (params: unknown, app: App, origin: string | undefined) => Promise<unknown>

export type Methods = ReadonlyMap<string, Method>
