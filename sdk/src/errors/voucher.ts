import type { Address } from 'viem'
import { FabstirError } from './base.ts'

/** A voucher for another session or another count than the call names. */
export class VoucherMismatchError extends FabstirError {
  override name = 'VoucherMismatchError'
  field: string
  expected: bigint
  value: bigint

  constructor({ field, expected, value }: { field: string; expected: bigint; value: bigint }) {
    super(`The voucher has ${field} ${value}, but the call names ${expected}.`)
    this.field = field
    this.expected = expected
    this.value = value
  }
}

/** Nobody to sign the voucher: the client has no key of its own and none was given. */
export class CoSignerNotFoundError extends FabstirError {
  override name = 'CoSignerNotFoundError'
  account: Address

  constructor({ account }: { account: Address }) {
    super(`The client of ${account} holds no key that could co-sign.`, {
      metaMessages: ['Pass the session co-signer as `coSigner`.'],
    })
    this.account = account
  }
}
