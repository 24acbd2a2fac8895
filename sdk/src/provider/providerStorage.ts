import { type Hash, isHex } from 'viem'
import { report } from '../errors/report.ts'
import type { PermissionResponse } from './executionPermission.ts'

/** Where a provider keeps what outlives a page: `localStorage`, or anything with the same two methods. */
export type ProviderStorage = {
  getItem(key: string): string | null | Promise<string | null>
  setItem(key: string, value: string): unknown
}

/** A batch of `wallet_sendCalls`. */
export type Batch = { chainId: number; hash: Hash }

/** What an app has got of a provider. */
export type ProviderRecord = {
  connected: boolean
  /** By id; the oldest first. */
  batches: Map<string, Batch>
  permissions: PermissionResponse[]
}

/** Of more batches of one app than this, the oldest is forgotten. */
const maxBatches = 1000

/** Reads and writes the record of one app. */
export type RecordStore = {
  load(): Promise<ProviderRecord>
  /** Resolves also when the storage fails, which is reported: what is recorded has happened, and is not to happen again. */
  save(record: ProviderRecord): Promise<void>
}

/**
 * @param name Of the app and the accounts: another account starts with nothing.
 * @param storage Without it, nothing outlives the provider.
 */
export function createRecordStore(name: string, storage: ProviderStorage | undefined): RecordStore {
  const key = `fabstir.provider.${name}`
  let writing: Promise<unknown> = Promise.resolve()
  return {
    async load() {
      return parseRecord(await storage?.getItem(key))
    },
    async save({ connected, batches, permissions }) {
      for (const id of [...batches.keys()].slice(0, -maxBatches)) batches.delete(id)
      const text = JSON.stringify({ connected, batches: [...batches], permissions })
      // One after the other: a slow write must not replace a later one.
      writing = writing.then(() => storage?.setItem(key, text)).catch(report)
      await writing
    },
  }
}

/** What is no record starts anew. */
function parseRecord(text: string | null | undefined): ProviderRecord {
  const stored = parseJson(text) as Partial<Record<keyof ProviderRecord, unknown>> | undefined
  const { connected, batches, permissions } = stored ?? {}
  return {
    connected: connected === true,
    batches: new Map(Array.isArray(batches) ? batches.filter(isEntry) : []),
    permissions: Array.isArray(permissions) ? permissions.filter((one) => isHex(one?.context)) : [],
  }
}

function parseJson(text: string | null | undefined): object | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function isEntry(entry: unknown): entry is [string, Batch] {
  const [id, batch] = Array.isArray(entry) ? entry : []
  return typeof id === 'string' && Number.isSafeInteger(batch?.chainId) && isHex(batch?.hash)
}
