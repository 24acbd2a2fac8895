import type { Address } from 'viem'
import { FabstirError, type ValuesOf } from './base.ts'

/** A voucher for another session or another count than the call names. */
export class VoucherMismatchError extends FabstirError {
  override name = 'VoucherMismatchError'
  declare field: string
  declare expected: bigint
  declare value: bigint

  constructor(values: ValuesOf<VoucherMismatchError>) {
    const { field, expected, value } = values
    super(`The voucher has ${field} ${value}, but the call names ${expected}.`, values)
  }
}

/** Nobody to sign the voucher: the client has no key of its own and none was given. */
export class CoSignerNotFoundError extends FabstirError {
  override name = 'CoSignerNotFoundError'
  declare account: Address

  constructor(values: ValuesOf<CoSignerNotFoundError>) {
    super(`The client of ${values.account} holds no key that could co-sign.`, {
      ...values,
      metaMessages: ['Pass the session co-signer as `coSigner`.'],
    })
  }
}
