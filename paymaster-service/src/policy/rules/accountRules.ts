import { eip7702FactoryMarker } from '@fabstir/erc4337'
import { sameAddress } from '../../addresses/sameAddress.ts'
import type { AccountShape } from '../accounts/accountShape.ts'
import { isKnownCreation } from '../accounts/creationData.ts'
import { shapeOfCode } from '../accounts/knownAccounts.ts'
import { signerOf } from '../accounts/operationSigner.ts'
import { foreignModule, isModular } from '../accounts/validators.ts'
import type { Policy } from '../policy.ts'
import type { Refusal } from '../refusal.ts'
import { refuse } from '../refusal.ts'
import type { SponsorshipRequest } from './sponsorshipRequest.ts'

/** Rules `sender.denied` and `sender.not-allowed`. */
export function checkSender(
  { allowedSenders, deniedSenders }: Policy,
  { sender }: SponsorshipRequest,
): Refusal | undefined {
  if (deniedSenders.has(sender.toLowerCase()))
    return refuse('sender.denied', `${sender} is on the deny list`)
  if (allowedSenders && !allowedSenders.has(sender.toLowerCase()))
    return refuse('sender.not-allowed', `${sender} is not on the allow list`)
  return undefined
}

/** Rules `factory.denied`, `factory.unknown` and `factory.data`. */
export function checkFactory(
  { accounts }: Policy,
  { factory, factoryData = '0x', delegate, code }: SponsorshipRequest,
): Refusal | undefined {
  if (!factory) return undefined
  if (sameAddress(factory, eip7702FactoryMarker) && delegate) {
    // The marker deploys nothing; rule delegate.unknown looks at what it stands for. But the EntryPoint
    // calls the account with the data, which is one more call that nobody looked at.
    if (factoryData === '0x') return undefined
    return refuse('factory.data', 'an EIP-7702 account is not initialized by the operation')
  }
  const name = factory.toLowerCase()
  if (accounts.deniedFactories.has(name))
    return refuse('factory.denied', `${factory} is on the deny list`)
  const shape = accounts.factories.get(name)
  if (!shape) return refuse('factory.unknown', `${factory} is not a known factory`)
  // EntryPoint 0.9 skips the factory of a sender that exists; before it nothing is included.
  if (code || isKnownCreation(shape, factoryData, accounts)) return undefined
  return refuse(
    'factory.data',
    `the data of ${factory} is not certain to make an account of ${shape}`,
  )
}

/** Rule `delegate.unknown`. */
export function checkDelegate(
  { accounts }: Policy,
  { sender, delegate }: SponsorshipRequest,
): Refusal | undefined {
  if (!delegate || accounts.delegates.has(delegate.toLowerCase())) return undefined
  return refuse(
    'delegate.unknown',
    `${sender} is delegated to ${delegate}, which is not a known implementation`,
  )
}

/**
 * Rule `account.unknown`. Call data says what is done only for code that is known to do it. A sender
 * that is not deployed yet could become anything until its operation arrives, unless a known factory
 * owns its address.
 */
export function checkAccount(policy: Policy, request: SponsorshipRequest): Refusal | undefined {
  if (request.delegate || shapeOf(policy, request)) return undefined
  const { sender, code } = request
  if (!code) return refuse('account.unknown', `${sender} is not deployed, and by no known factory`)
  const behind = policy.accounts.code.has(code.hash)
    ? ` with implementation ${code.implementation}`
    : ''
  return refuse('account.unknown', `${sender} has code ${code.hash}${behind}, which is not listed`)
}

/** Rule `validator.unknown`. */
export function checkValidator(policy: Policy, request: SponsorshipRequest): Refusal | undefined {
  const shape = shapeOf(policy, request)
  if (!shape || !isModular(shape)) return undefined
  const { sender, nonce, code, delegate } = request
  const isNew = !code && !delegate
  const storage = isNew ? undefined : request.storage
  const operation = { nonce, storage, isDelegated: delegate !== undefined }
  const reason = foreignModule(shape, operation, policy.accounts.validators)
  return reason === undefined ? undefined : refuse('validator.unknown', `${sender}: ${reason}`)
}

/** How the sender reads its call data, as the document says; `undefined` where nobody knows. */
export function shapeOf(
  { accounts }: Policy,
  { sender, delegate, code, storage, created, factory }: SponsorshipRequest,
): AccountShape | undefined {
  if (delegate) return accounts.delegates.get(delegate.toLowerCase())
  if (code) return shapeOfCode(accounts, code, storage)
  if (!factory || !created || !sameAddress(created, sender)) return undefined
  return accounts.factories.get(factory.toLowerCase())
}

/** Rules `session-key.denied`, `session-key.not-allowed` and `session-key.unknown`. */
export function checkSigner(policy: Policy, request: SponsorshipRequest): Refusal | undefined {
  const { allowedSigners, deniedSigners } = policy
  if (!allowedSigners && deniedSigners.size === 0) return undefined
  const shape = shapeOf(policy, request)
  const signer = shape && signerOf(shape, request.nonce)
  if (!signer) {
    return refuse(
      'session-key.unknown',
      `the nonce ${request.nonce} does not say whose key signs the operation`,
    )
  }
  const name = signer.toLowerCase()
  if (deniedSigners.has(name)) return refuse('session-key.denied', `${signer} is on the deny list`)
  if (allowedSigners && !allowedSigners.has(name))
    return refuse('session-key.not-allowed', `${signer} is not on the allow list`)
  return undefined
}
