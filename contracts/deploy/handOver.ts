import {
  type Abi,
  type Address,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  zeroAddress,
} from 'viem'
import type { AddressBook } from '../addressBook.ts'
import { readCode } from './code.ts'
import { type DeployClients, DeploymentFailedError, hasCode } from './create2.ts'
import type { DeployParameters } from './deployFabstir.ts'
import { type GuardParameter, governedParameters } from './governedParameters.ts'

const roles = ['PROPOSER_ROLE', 'CANCELLER_ROLE', 'EXECUTOR_ROLE'] as const

/**
 * Makes the governor the only proposer, canceller and executor of the timelock, bounds the parameters, and renounces
 * the deployer's own role. Each step is taken only if the chain does not show it done; without the role there is
 * nothing left to do.
 */
export async function handOver(
  parameters: Pick<
    DeployParameters,
    'publicClient' | 'walletClient' | 'governance' | 'dryRun' | 'onProgress'
  >,
  book: AddressBook,
): Promise<void> {
  const { publicClient, walletClient, onProgress } = parameters
  const { timelock, parameterGuard } = book
  if (parameters.dryRun || !(await hasCode(publicClient, timelock))) return
  const deployer = walletClient.account.address
  const timelockAbi = (await readCode('Timelock')).abi
  const guardAbi = (await readCode('ParameterGuard')).abi
  const read = (functionName: string, args: readonly unknown[] = []) =>
    publicClient.readContract({ address: timelock, abi: timelockAbi, functionName, args })
  const admin = (await read('DEFAULT_ADMIN_ROLE')) as Hex
  if (!(await read('hasRole', [admin, deployer]))) return

  onProgress?.('handing over to governance')
  const step = (to: Address, data: Hex) => send(parameters, to, data)
  const timelockCall = (functionName: string, args: readonly unknown[]) =>
    step(timelock, encodeFunctionData({ abi: timelockAbi, functionName, args }))

  const proposer = parameters.governance ?? book.governor
  for (const name of roles) {
    const role = await read(name)
    if (!(await read('hasRole', [role, proposer])))
      await timelockCall('grantRole', [role, proposer])
  }
  if (isAddressEqual((await read('parameterGuard')) as Address, zeroAddress)) {
    await timelockCall('setParameterGuard', [parameterGuard])
  }
  const missing = await unlistedParameters(publicClient, book, guardAbi)
  if (missing.length !== 0) await step(parameterGuard, listing(guardAbi, missing))
  await timelockCall('renounceRole', [admin, deployer])
}

const listing = (abi: Abi, parameters: readonly GuardParameter[]): Hex =>
  encodeFunctionData({ abi, functionName: 'setParameters', args: [parameters] })

/** Parameters that the guard does not know, or knows otherwise. */
async function unlistedParameters(
  publicClient: DeployClients['publicClient'],
  book: AddressBook,
  abi: Abi,
): Promise<GuardParameter[]> {
  // Keys are addresses, some of them with a checksum.
  const encoded = (parameter: GuardParameter) => listing(abi, [parameter]).toLowerCase()
  const missing: GuardParameter[] = []
  for (const parameter of governedParameters({ addresses: book, usdc: book.usdc })) {
    const listed = await publicClient
      .readContract({
        address: book.parameterGuard,
        abi,
        functionName: 'getParameter',
        args: [parameter.target, parameter.selector, parameter.key],
      })
      .catch((error: unknown) => {
        if (String(error).includes('ParameterGuardNotListed')) return undefined
        throw error
      })
    const same = listed && encoded(listed as GuardParameter) === encoded(parameter)
    if (!same) missing.push(parameter)
  }
  return missing
}

async function send(
  { publicClient, walletClient }: DeployClients,
  to: Address,
  data: Hex,
): Promise<void> {
  // Simulated first: a revert then comes with its reason.
  await publicClient.call({ account: walletClient.account, to, data })
  const hash = await walletClient.sendTransaction({ to, data })
  const { status } = await publicClient.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  if (status !== 'success') throw new DeploymentFailedError('Timelock', to, `${hash} reverted`)
}
