import type { Address, Hex } from 'viem'
import { FabstirError } from './base.ts'

/** A public key that is no point on P-256 in a form that the accounts take. */
export class PublicKeyError extends FabstirError {
  override name = 'PublicKeyError'
  declare publicKey: Hex

  constructor({ publicKey, problem }: { publicKey: Hex; problem: string }) {
    super(`The P-256 public key ${publicKey} is not valid: ${problem}.`, {
      publicKey,
      metaMessages: ['Pass 64 bytes x ‖ y, or 65 bytes that begin with 04.'],
    })
  }
}

/** A passkey or P-256 key gave no signature that the account would take. */
export class KeySignatureError extends FabstirError {
  override name = 'KeySignatureError'

  constructor({ problem, cause }: { problem: string; cause?: Error | undefined }) {
    super(`The key gave no signature that the account takes: ${problem}.`, { cause })
  }
}

/** What was given as `owner` or session key is nothing that signs for an account. */
export class KeyNotSupportedError extends FabstirError {
  override name = 'KeyNotSupportedError'
  declare role: 'owner' | 'session key'

  constructor({ role, problem }: { role: 'owner' | 'session key'; problem: string }) {
    super(`The ${role} is ${problem}.`, { role })
  }
}

/** The account cannot be, or is no longer, delegated to the account contract (EIP-7702). */
export class DelegationError extends FabstirError {
  override name = 'DelegationError'
  declare account: Address | undefined

  constructor({
    account,
    problem,
    cause,
  }: { account?: Address | undefined; problem: string; cause?: Error | undefined }) {
    super(`The EIP-7702 account${account ? ` ${account}` : ''} cannot be used: ${problem}.`, {
      account,
      cause,
    })
  }
}
