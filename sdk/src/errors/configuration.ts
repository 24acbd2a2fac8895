import { FabstirError } from './base.ts'

/** No address book for the chain, or none with the wanted EntryPoint. */
export class ContractsNotFoundError extends FabstirError {
  override name = 'ContractsNotFoundError'
  declare chainId: number | undefined

  constructor({
    chainId,
    bookChainId,
    entryPoint,
  }: {
    chainId: number | undefined
    bookChainId?: number | undefined
    entryPoint?: string | undefined
  }) {
    super(
      entryPoint
        ? `Chain ${chainId} has no accounts on EntryPoint ${entryPoint}.`
        : `No contracts are known for chain ${chainId ?? '(none given)'}.`,
      {
        chainId,
        metaMessages:
          bookChainId === undefined
            ? ['Pass the address book of the chain as `contracts`.']
            : [`The address book that was passed is for chain ${bookChainId}.`],
      },
    )
  }
}

/** The client has neither a public client nor an account to take one from. */
export class ClientNotFoundError extends FabstirError {
  override name = 'ClientNotFoundError'

  constructor() {
    super('No client of the chain was given.', {
      metaMessages: ['Pass `client`, or an account that was made with one.'],
    })
  }
}

/** The number of nonce lanes of an account is no whole number within its bounds. */
export class NonceLanesError extends FabstirError {
  override name = 'NonceLanesError'
  declare nonceLanes: number

  constructor({ nonceLanes, maximum }: { nonceLanes: number; maximum: number }) {
    super(`An account has 1 to ${maximum} nonce lanes, not ${nonceLanes}.`, { nonceLanes })
  }
}

/** The owner cannot sign what is asked of it. */
export class OwnerSigningError extends FabstirError {
  override name = 'OwnerSigningError'

  constructor({ problem }: { problem: string }) {
    super(`The owner cannot sign: ${problem}.`)
  }
}
