import type { UserOperation } from '@fabstir/erc4337'
import type { Address } from 'viem'
import { zeroAddress } from 'viem'
import { sameAddress } from '../addresses/sameAddress.ts'
import type { SenderState } from '../chain/chainReader.ts'
import type { SponsorshipRequest } from '../policy/rules/sponsorshipRequest.ts'

/** An operation with what the chain and the request say about it, as the rules look at it. */
export function toSponsorshipRequest({
  op,
  state,
  ...rest
}: Pick<
  SponsorshipRequest,
  'chainId' | 'entryPoint' | 'now' | 'origin' | 'estimate' | 'gasPast'
> & {
  op: UserOperation
  state: Pick<SenderState, 'code' | 'storage' | 'delegate' | 'created'>
}): SponsorshipRequest {
  return {
    ...rest,
    sender: op.sender,
    nonce: op.nonce,
    factory: op.factory,
    factoryData: op.factoryData,
    delegate: delegateOf(op, state.delegate),
    code: state.code,
    storage: state.storage,
    created: state.created,
    callData: op.callData,
    maxFeePerGas: op.maxFeePerGas,
    gas: op,
  }
}

/** The authorization of the operation comes before what the chain knows: it is applied first. */
export function delegateOf(op: UserOperation, onChain: Address | undefined): Address | undefined {
  if (!op.eip7702Auth) return onChain
  return sameAddress(op.eip7702Auth.address, zeroAddress) ? undefined : op.eip7702Auth.address
}
