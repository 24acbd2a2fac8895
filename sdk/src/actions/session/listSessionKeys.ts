import { type Address, type Client, type Hex, isAddressEqual } from 'viem'
import { getBlock, getCode, getTransaction } from 'viem/actions'
import { delegationFactory } from '../../accounts/fabstir/delegation.ts'
import type { FabstirAccountExtension } from '../../accounts/fabstir/nonceLanes.ts'
import { findInstalledPolicy } from '../../accounts/session/findInstalledPolicy.ts'
import { keyStatus } from '../../accounts/session/keyStatus.ts'
import { type SessionGrant, toGrantPolicy } from '../../accounts/session/sessionGrant.ts'
import type { SessionPolicy } from '../../accounts/session/sessionPolicy.ts'
import { fabstirAccountAbi } from '../../contracts/fabstirAccountAbi.ts'
import { readContract } from '../../contracts/readContract.ts'
import { tokenAddress, tokenName } from '../../contracts/tokens.ts'
import { withTypedErrors } from '../../errors/explainFailure.ts'
import type { ReadClient, WriteClient } from '../../types/client.ts'
import type { SessionKeyState } from './getSessionKey.ts'
import { readInstallations } from './readInstallations.ts'
import { readLimit, type SessionKeyLimit } from './readLimit.ts'

export type ListSessionKeysParameters = {
  /** The client's account by default. */
  account?: Address | undefined
  /** Block from which events are asked for, where the node does not serve all of them at once. 0 by default. */
  fromBlock?: bigint | undefined
}

/** A key that was installed, with the last grant that it had. */
export type InstalledSessionKey = SessionKeyState & {
  /** The grant again, for an app that lost it; `undefined` where no transaction shows it. */
  grant: SessionGrant | undefined
}

/**
 * Every session key that was ever installed in an account, in the order of their last grants, with what is left of it.
 * Grants that were signed and not used yet are nowhere on chain: see {@link getSessionKey}.
 * @throws {NodeUnavailableError | ChainMismatchError} When the node does not answer, or is one of another chain.
 * @example
 * const keys = await listSessionKeys(client)
 * const active = keys.filter(({ status }) => status === 'active')
 */
export async function listSessionKeys(
  client: ReadClient & Pick<WriteClient, 'account'>,
  { account = client.account.address, fromBlock = 0n }: ListSessionKeysParameters = {},
): Promise<InstalledSessionKey[]> {
  return withTypedErrors(client, () => readKeys(client, account, fromBlock))
}

async function readKeys(
  { client, contracts, account: own }: ReadClient & Pick<WriteClient, 'account'>,
  account: Address,
  fromBlock: bigint,
): Promise<InstalledSessionKey[]> {
  const code = await getCode(client, { address: account })
  if (!code) return []
  const [installations, entryPoint, { timestamp }] = await Promise.all([
    readInstallations(client, { account, fromBlock }),
    readContract(client, { abi: fabstirAccountAbi, address: account, functionName: 'entryPoint' }),
    getBlock(client),
  ])
  const home = homeOf({ account, own, code, contracts, entryPoint })

  return Promise.all(
    installations.map(async ({ key, uses, policyHash, transactionHash, epoch, epochIsOver }) => {
      const [held, { input }] = await Promise.all([
        readContract(client, {
          abi: fabstirAccountAbi,
          address: account,
          functionName: 'getSessionKey',
          args: [key],
        }),
        getTransaction(client, { hash: transactionHash }),
      ])
      const [active, validAfter, validUntil, usesLeft] = held
      const policy = findInstalledPolicy({ account, policyHash, input })
      const limits = await readLimits(client, { account, key, policy, contracts })
      return {
        key,
        status: keyStatus(
          { active, validAfter, validUntil, usesLeft },
          { now: Number(timestamp), epochIsOver },
        ),
        uses,
        usesLeft,
        validAfter,
        validUntil,
        limits,
        grant:
          policy && home && toGrant({ account, entryPoint, policy, contracts, epoch, ...home }),
      }
    }),
  )
}

/** Without its policy, a key is asked for its limits on the tokens that have names. */
async function readLimits(
  client: Client,
  {
    account,
    key,
    policy,
    contracts,
  }: {
    account: Address
    key: Address
    policy: SessionPolicy | undefined
    contracts: ReadClient['contracts']
  },
): Promise<SessionKeyLimit[]> {
  const named = (['eth', 'usdc', 'fab'] as const).map((token) => ({
    token: tokenAddress(contracts, token),
    total: undefined,
  }))
  const limits = await Promise.all(
    (policy?.limits ?? named).map(async ({ token, total }) => ({
      token: tokenName(contracts, token),
      total,
      ...(await readLimit(client, { account, key, token })),
    })),
  )
  return policy ? limits : limits.filter(({ perCall }) => perCall > 0n)
}

type Home = Pick<SessionGrant, 'factory' | 'factoryData'>

/** What a grant names as the way to deploy the account, which is there already. */
function homeOf({
  account,
  own,
  code,
  contracts,
  entryPoint,
}: {
  account: Address
  own: WriteClient['account'] & Partial<FabstirAccountExtension>
  code: Hex
  contracts: ReadClient['contracts']
  entryPoint: Address
}): Home | undefined {
  if (code.startsWith('0xef0100')) return { factory: delegationFactory, factoryData: '0x' }
  if (isAddressEqual(own.address, account) && own.factory && own.factoryData)
    return { factory: own.factory, factoryData: own.factoryData }
  const deployment = contracts.deployments.find((candidate) =>
    isAddressEqual(candidate.entryPoint, entryPoint),
  )
  return deployment && { factory: deployment.accountFactory, factoryData: '0x' }
}

function toGrant({
  account,
  entryPoint,
  policy,
  contracts,
  epoch,
  factory,
  factoryData,
}: Home & {
  account: Address
  entryPoint: Address
  policy: SessionPolicy
  epoch: number | undefined
  contracts: ReadClient['contracts']
}): SessionGrant {
  return {
    version: 1,
    chainId: contracts.chainId,
    account,
    entryPoint,
    factory,
    factoryData,
    policy: toGrantPolicy(policy),
    ...(epoch !== undefined && { epoch }),
  }
}
