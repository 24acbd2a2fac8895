import {
  type Account,
  type Address,
  BaseError,
  type Chain,
  concatHex,
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

/** Address that {@link create2} deploys `initCode` to. */
export function create2Address(initCode: Hex, salt: Hex = zeroHash): Address {
  return getContractAddress({
    opcode: 'CREATE2',
    from: deterministicDeployer,
    bytecode: initCode,
    salt,
  })
}

/**
 * Deploys `initCode` through the deterministic deployment proxy. Does nothing when the code is there.
 * @throws {@link DeploymentFailedError} when no code stands at the address afterwards.
 */
export async function create2(
  { publicClient, walletClient }: DeployClients,
  { name, initCode, salt = zeroHash }: { name: string; initCode: Hex; salt?: Hex },
): Promise<Address> {
  const address = create2Address(initCode, salt)
  if (await hasCode(publicClient, address)) return address
  const hash = await walletClient
    .sendTransaction({ to: deterministicDeployer, data: concatHex([salt, initCode]) })
    .catch((error: unknown) => {
      // viem's own message repeats the whole init code.
      const reason = error instanceof BaseError ? error.details : String(error)
      throw new DeploymentFailedError(name, address, reason)
    })
  const { status } = await publicClient.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  if (status !== 'success' || !(await hasCode(publicClient, address))) {
    throw new DeploymentFailedError(name, address, `transaction ${hash} left no code`)
  }
  return address
}

export async function hasCode(publicClient: PublicClient, address: Address): Promise<boolean> {
  const code = await publicClient.getCode({ address })
  return code !== undefined && code !== '0x'
}

export class DeploymentFailedError extends Error {
  override name = 'DeploymentFailedError'
  constructor(contract: string, address: Address, reason: string) {
    super(`${contract} was not deployed to ${address}: ${reason}`)
  }
}
