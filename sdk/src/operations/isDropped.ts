/**
 * Whether a bundler says by a status of `pimlico_getUserOperationStatus` that it will not include an operation. Another
 * one may.
 */
export const isDropped = (status: unknown): boolean =>
  ['not_found', 'rejected', 'failed'].includes(status as string)
