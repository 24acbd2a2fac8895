import { type ArtifactName, readArtifact } from '@fabstir/contracts/deploy'
import {
  type Address,
  decodeFunctionResult,
  encodeFunctionData,
  getAddress,
  keccak256,
  stringToHex,
} from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import type { hardhatDeployment } from '../../fixtures/hardhatDeployment.ts'
import { eth, type Role, type Scene } from './rules.ts'

export type Chain = Awaited<ReturnType<typeof hardhatDeployment>>
export type Call = {
  contract: ArtifactName
  functionName: string
  args?: readonly unknown[]
  value?: bigint
}
export type Run = (from: Role, call: Call) => Promise<unknown>

/** Who the roles are, in the deployed system. */
export async function addressesOf({
  book,
  publicClient,
  wallets,
}: Chain): Promise<Scene['addresses']> {
  const of = (wallet: { account: { address: Address } }) => getAddress(wallet.account.address)
  const made = (name: string) => getAddress(keccak256(stringToHex(name)).slice(0, 42))
  const [{ accountFactory } = { accountFactory: eth }] = book.deployments
  const { abi } = await readArtifact('FabstirAccountFactory')
  const account = await publicClient.readContract({
    address: accountFactory,
    abi,
    functionName: 'getAddress',
    args: [of(wallets.signerA), 0n],
  })
  return {
    deployer: of(wallets.deployer),
    stranger: of(wallets.anyone),
    host: of(wallets.host),
    otherHost: made('otherHost'),
    controller: made('controller'),
    renter: of(wallets.renter),
    keeper: made('keeper'),
    guardian: of(wallets.guardian),
    emergencyGuardian: book.emergencyGuardian,
    arbiter: of(wallets.arbiter),
    treasury: of(wallets.treasury),
    governor: book.governor,
    timelock: book.timelock,
    marketplace: book.marketplace,
    registry: book.registry,
    reputation: book.reputation,
    proofSystem: book.proofSystem,
    stakersPool: book.stakersPool,
    entryPoint: entryPoint08Address,
    sponsorOperator: of(wallets.operator),
    accountOwner: of(wallets.signerA),
    account: account as Address,
    sessionKey: of(wallets.signerB),
  }
}

/** Calls in the name of a role, first to see what it answers, then for good; what a view answers is all of it. */
export function runner(
  { deployment, publicClient, wallets }: Chain,
  addresses: Scene['addresses'],
): Run {
  return async (from, { contract, functionName, args = [], value = 0n }) => {
    const { abi } = await readArtifact(contract)
    const to =
      contract === 'FabstirAccount'
        ? addresses.account
        : deployment.contracts.find(({ name }) => name === contract)?.address
    if (!to) throw new RangeError(`${contract} is not deployed`)
    const data = encodeFunctionData({ abi, functionName, args })
    const account = addresses[from]
    const answer = await publicClient.call({ account, to, data, value })
    const result = answer.data
      ? decodeFunctionResult({ abi, functionName, args, data: answer.data })
      : undefined
    const isView = abi.some(
      (item) =>
        item.type === 'function' && item.name === functionName && item.stateMutability === 'view',
    )
    if (!isView) {
      const hash = await wallets.deployer.sendTransaction({ account, to, data, value })
      await publicClient.waitForTransactionReceipt({ hash })
    }
    return result
  }
}
