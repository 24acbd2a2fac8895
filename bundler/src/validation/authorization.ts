import type { UserOperation } from '@fabstir/erc4337'
import { isAddressEqual } from 'viem'
import { recoverAuthorizationAddress } from 'viem/utils'
import type { ChainReader } from '../chain/reader.ts'
import { RpcError, rpcErrorCode } from '../types/rpcError.ts'

/** [EIP-7702] A tuple with a larger `s` is skipped, although it recovers to the same signer. */
const maxSignatureS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * [EIP-7702] Rejects an authorization that the chain would skip whatever its state: another signer,
 * another chain, or the upper half of the signatures.
 * @throws RpcError -32602
 */
export async function checkAuthorization(op: UserOperation, chainId: number): Promise<void> {
  const authorization = op.eip7702Auth
  if (!authorization) return
  if (authorization.chainId !== 0 && authorization.chainId !== chainId)
    throw authorizationError(`eip7702Auth has chainId ${authorization.chainId}, not ${chainId}`, {
      chainId: authorization.chainId,
    })
  if (BigInt(authorization.s) > maxSignatureS)
    throw authorizationError('eip7702Auth has an s in the upper half of the curve order', {
      s: authorization.s,
    })
  const signer = await recoverSigner(authorization)
  if (!signer || !isAddressEqual(signer, op.sender))
    throw authorizationError('eip7702Auth is not signed by the sender', { signer })
}

/**
 * [EIP-7702] Rejects an authorization whose nonce is not the sender's.
 * @throws RpcError -32500: the chain decides, as with the nonce of the operation
 */
export async function checkAuthorizationNonce(
  op: UserOperation,
  reader: Pick<ChainReader, 'request'>,
): Promise<void> {
  const authorization = op.eip7702Auth
  if (!authorization) return
  const nonce = Number(await reader.request('eth_getTransactionCount', [op.sender, 'latest']))
  if (authorization.nonce !== nonce)
    throw new RpcError(
      rpcErrorCode.validationRejected,
      `eip7702Auth has nonce ${authorization.nonce}, the sender ${nonce}`,
      { rule: 'eip7702Auth', nonce: authorization.nonce, senderNonce: nonce },
    )
}

async function recoverSigner(authorization: NonNullable<UserOperation['eip7702Auth']>) {
  try {
    return await recoverAuthorizationAddress({ authorization })
  } catch {
    // r, s or yParity are no point on the curve.
    return undefined
  }
}

function authorizationError(message: string, values: Record<string, unknown>): RpcError {
  return new RpcError(rpcErrorCode.invalidParams, message, { rule: 'eip7702Auth', ...values })
}
