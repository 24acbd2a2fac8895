import { fabstirAccountAbi, jobMarketplaceAbi, nodeRegistryAbi } from '@fabstir/contracts/abi'
import { type Devnet, startDevnet } from '@fabstir/devnet'
import { type FabstirClient, type SessionPolicy, SessionPolicyInvalidError } from '@fabstir/sdk'
import {
  type Address,
  BaseError,
  ContractFunctionRevertedError,
  erc20Abi,
  type Hex,
  pad,
  parseAbi,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkPolicy } from '../../../sdk/src/accounts/session/checkPolicy.ts'
import { freshKey, sdkFixture } from '../sdkFixture.ts'

let devnet: Devnet
let fixture: ReturnType<typeof sdkFixture>
let client: FabstirClient
let now: number
beforeAll(async () => {
  devnet = await startDevnet()
  fixture = sdkFixture(devnet)
  client = await fixture.createClient()
  await client.grantSessionSync({ key: freshKey().address, expiresIn: '1h', scope: ['claimJob'] })
  now = Number((await fixture.publicClient.getBlock()).timestamp)
}, 180_000)
afterAll(() => devnet?.close())

const claimJob = toFunctionSelector('claimJob(uint256)')
const policyOf = (of: Partial<SessionPolicy>): SessionPolicy => ({
  key: '0x00000000000000000000000000000000000000aa',
  validAfter: 0,
  validUntil: now + 3600,
  uses: 10,
  calls: [{ target: devnet.contracts.marketplace, selector: claimJob }],
  limits: [],
  pins: [],
  payers: [client.deployment.sponsorPaymaster],
  maxGasCost: 0n,
  ...of,
})

type Verdict = 'taken' | { field: string; value: bigint; bound: bigint }

/** What the account on chain says of a policy. */
async function accountSays(policy: SessionPolicy): Promise<Verdict> {
  const { address } = client.account
  try {
    await fixture.publicClient.simulateContract({
      account: address,
      address,
      abi: fabstirAccountAbi,
      functionName: 'addSessionKeyWithPolicy',
      args: [policy],
    })
    return 'taken'
  } catch (error) {
    const reverted =
      error instanceof BaseError &&
      error.walk((cause) => cause instanceof ContractFunctionRevertedError)
    if (!(reverted instanceof ContractFunctionRevertedError)) throw error
    if (reverted.data?.errorName !== 'SessionPolicyInvalid') throw error
    const [field, value, bound] = reverted.data.args as [string, bigint, bigint]
    return { field, value, bound }
  }
}

/** What the SDK says before anything is signed. */
function sdkSays(policy: SessionPolicy): Verdict {
  const { contracts, deployment, account } = client
  try {
    checkPolicy(policy, { contracts, deployment, account: account.address, now })
    return 'taken'
  } catch (error) {
    if (!(error instanceof SessionPolicyInvalidError)) throw error
    return { field: error.field, value: error.value, bound: error.bound }
  }
}

const functionsOf = (abi: readonly { type: string }[]) =>
  abi.filter(
    (item): item is (typeof erc20Abi)[number] & { type: 'function' } => item.type === 'function',
  )

describe('what can be granted', () => {
  const targets = {
    marketplace: () => devnet.contracts.marketplace,
    registry: () => devnet.contracts.registry,
    usdc: () => devnet.contracts.usdc,
  }
  const abis = {
    marketplace: jobMarketplaceAbi,
    registry: nodeRegistryAbi,
    usdc: [
      ...erc20Abi,
      ...parseAbi([
        'function increaseAllowance(address,uint256)',
        'function decreaseAllowance(address,uint256)',
        'function permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
      ]),
    ],
  }

  test.each([
    { contract: 'marketplace', granted: 31 },
    { contract: 'registry', granted: 8 },
    { contract: 'usdc', granted: 4 },
  ] as const)(
    'scopes name all $granted functions of the $contract and no other',
    async ({ contract, granted }) => {
      const target = targets[contract]()
      const usdcLimit = { token: devnet.contracts.usdc, perCall: 1n, total: 1n }
      const taken: string[] = []
      for (const item of functionsOf(abis[contract])) {
        const selector = toFunctionSelector(item)
        // Pinned to the account itself, which every rule on pins accepts.
        const pins = [0, 1].map((index) => ({
          target,
          selector,
          index,
          allowed: [pad(client.account.address)],
        }))
        for (const [pinned, of] of [
          [true, { pins }],
          [false, {}],
        ] as const) {
          const policy = policyOf({ calls: [{ target, selector }], limits: [usdcLimit], ...of })
          const verdict = await accountSays(policy)
          expect(sdkSays(policy), `${item.name} pinned: ${pinned}`).toEqual(verdict)
          if (pinned && verdict === 'taken') taken.push(item.name)
        }
      }
      expect(taken).toHaveLength(granted)
    },
  )

  test('a token without a limit has no function', async () => {
    const policy = policyOf({
      calls: [
        { target: devnet.contracts.usdc, selector: toFunctionSelector('approve(address,uint256)') },
      ],
    })
    expect(await accountSays(policy)).toMatchObject({ field: 'calls.selector' })
    expect(sdkSays(policy)).toEqual(await accountSays(policy))
  })
})

test('the SDK refuses what the account refuses, with its field, value and bound', async () => {
  const { contracts } = devnet
  const { address } = client.account
  const to = (target: Address) => [{ target, selector: claimJob }]
  const limit = { token: contracts.usdc, perCall: 1n, total: 1n }
  const pin = (of: object) => ({
    target: contracts.marketplace,
    selector: claimJob,
    index: 0,
    allowed: [pad('0x01')],
    ...of,
  })
  const withdrawTo = toFunctionSelector('withdraw(address,address)')
  const withdrawal = (allowed: Hex[]) => ({
    calls: [{ target: contracts.marketplace, selector: withdrawTo }],
    pins: [{ target: contracts.marketplace, selector: withdrawTo, index: 1, allowed }],
  })
  const cases: Partial<SessionPolicy>[] = [
    { key: zeroAddress },
    { key: address },
    { uses: 0 },
    { uses: 2 ** 24 - 1 },
    { uses: 2 ** 24 },
    // The first rule of all.
    { validUntil: now, uses: 0 },
    { validUntil: now - 1, key: zeroAddress },
    { validUntil: now + 1 },
    { validUntil: now + 365 * 86_400 },
    { validUntil: now + 365 * 86_400 + 1 },
    { validAfter: now + 3599 },
    { validAfter: now + 3600 },
    { calls: [] },
    ...[address, zeroAddress, client.deployment.entryPoint, client.deployment.sponsorPaymaster].map(
      (target) => ({ calls: to(target) }),
    ),
    ...devnet.contracts.deployments.map(({ entryPoint }) => ({ calls: to(entryPoint) })),
    { calls: to(contracts.stakersPool) },
    { limits: [limit, { ...limit, total: 2n }] },
    { limits: [{ ...limit, perCall: 0n }] },
    { limits: [{ ...limit, total: 0n }] },
    { limits: [{ ...limit, total: 2n ** 128n - 1n }] },
    { pins: [pin({ index: 7 })] },
    { pins: [pin({ index: 8 })] },
    { pins: [pin({ allowed: [] })] },
    { payers: [] },
    { payers: [contracts.usdc, zeroAddress] },
    withdrawal([pad(address)]),
    withdrawal([pad(address), pad(contracts.timelock)]),
  ]
  const verdicts = await Promise.all(cases.map((of) => accountSays(policyOf(of))))
  expect(cases.map((of) => sdkSays(policyOf(of)))).toEqual(verdicts)
  expect(verdicts.filter((verdict) => verdict === 'taken')).toHaveLength(8)
})
