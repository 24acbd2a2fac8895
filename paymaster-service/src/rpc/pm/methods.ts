import type { App } from '../caller.ts'

/** A JSON-RPC method: its params as they came, and who asks. */
export type Method = (params: unknown, app: App) => Promise<unknown>

export type Methods = ReadonlyMap<string, Method>
