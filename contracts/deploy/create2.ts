import {
  type Account,
  type Address,
  type Chain,
  getContractAddress,
  type Hex,
  type PublicClient,
  type Transport,
  type WalletClient,
  zeroHash,
} from 'viem'

/** Arachnid's deterministic deployment proxy, at the same address on every chain. */
export const deterministicDeployer: Address = '0x4e59b44847b379578588920cA78FbF26c0B4956C'

export type DeployClients = {
  publicClient: PublicClient<Transport, Chain>
  walletClient: WalletClient<Transport, Chain, Account>
}

/** Address that the deterministic deployment proxy deploys `initCode` to. */
export function create2Address(initCode: Hex, salt: Hex = zeroHash): Address {
  return getContractAddress({
    opcode: 'CREATE2',
    from: deterministicDeployer,
    bytecode: initCode,
    salt,
  })
}

export async function hasCode(
  publicClient: Pick<DeployClients['publicClient'], 'getCode'>,
  address: Address,
): Promise<boolean> {
  const code = await publicClient.getCode({ address })
  return code !== undefined && code !== '0x'
}

export class DeploymentFailedError extends Error {
  override name = 'DeploymentFailedError'
  constructor(contract: string, address: Address, reason: string) {
    super(`${contract} was not deployed to ${address}: ${reason}`)
  }
}
