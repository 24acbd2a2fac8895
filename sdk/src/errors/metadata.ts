import { FabstirError } from './base.ts'

/** Host metadata that cannot be written in the registry's form. */
export class MetadataError extends FabstirError {
  override name = 'MetadataError'
  declare field: string

  constructor({ field, problem }: { field: string; problem: string }) {
    super(`Host metadata: "${field}" ${problem}.`, { field })
  }
}
