import type { DeploymentFile } from '@fabstir/contracts/addressBook'
import { type CodeName, readArtifact } from '@fabstir/contracts/deploy'
import {
  type Abi,
  type Address,
  concatHex,
  encodeFunctionData,
  type Hex,
  pad,
  parseEther,
  toFunctionSelector,
  toHex,
  zeroAddress,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { governedParameters, governedSetters } from '../../contracts/deploy/governedParameters.ts'
import { standardJsonOf } from '../../contracts/operations/verify/standardJson.ts'
import { verifyDeployment } from '../../contracts/operations/verify/verifyDeployment.ts'
import { hardhatDeployment } from '../fixtures/hardhatDeployment.ts'

const implementationSlot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'

let chain: Awaited<ReturnType<typeof hardhatDeployment>>
beforeAll(async () => {
  chain = await hardhatDeployment()
})

/** Names of the checks that fail, as "contract: check". */
async function differences(deployment: DeploymentFile = chain.deployment): Promise<string[]> {
  const { publicClient } = chain
  const checks = await verifyDeployment({ publicClient, deployment, readArtifact })
  expect(checks.length).toBeGreaterThan(240)
  return checks.filter(({ ok }) => !ok).map(({ subject, name }) => `${subject}: ${name}`)
}

/** What differs after `tamper`, which is undone. */
async function differencesAfter(tamper: () => Promise<unknown>): Promise<string[]> {
  const { testClient } = chain
  const id = await testClient.snapshot()
  try {
    await tamper()
    return await differences()
  } finally {
    await testClient.revert({ id })
  }
}

async function callAs(
  from: Address,
  contract: CodeName,
  functionName: string,
  args: readonly unknown[],
) {
  const { testClient, wallets } = chain
  const { abi } = await readArtifact(contract)
  await testClient.setBalance({ address: from, value: parseEther('1') })
  await testClient.impersonateAccount({ address: from })
  const data = encodeFunctionData({ abi: abi as Abi, functionName, args })
  await wallets.anyone.sendTransaction({ account: from, to: addressOf(contract), data })
}

const addressOf = (label: string): Address => {
  const found = chain.deployment.contracts.find((one) => one.label === label)
  if (!found) throw new RangeError(label)
  return found.address
}

test('it finds nothing to complain about in a fresh deployment', async () => {
  expect(await differences()).toEqual([])
})

describe('it sees', () => {
  test('another code at a plain contract', async () => {
    const found = await differencesAfter(() =>
      chain.testClient.setCode({ address: addressOf('FabToken'), bytecode: '0x60006000fd' }),
    )
    expect(found).toEqual(
      expect.arrayContaining(['FabToken: code is this build', 'FabToken: code hash recorded']),
    )
  })

  test('one changed byte of an implementation', async () => {
    const { proxy } = chain.deployment.contracts.find(({ name }) => name === 'NodeRegistry') ?? {}
    const address = proxy?.implementation ?? '0x'
    const code = (await chain.publicClient.getCode({ address })) ?? '0x'
    const bytecode: Hex = `${code.slice(0, -2)}${code.endsWith('00') ? '01' : '00'}` as Hex
    expect(await differencesAfter(() => chain.testClient.setCode({ address, bytecode }))).toEqual([
      'NodeRegistry implementation: code is this build',
      'NodeRegistry: implementation code hash recorded',
    ])
  })

  test('an immutable of other value, by the address that code and arguments lead to', async () => {
    const contracts = chain.deployment.contracts.map((one) =>
      one.name === 'SponsorPaymaster'
        ? { ...one, constructorArgs: [...one.constructorArgs].reverse() }
        : one,
    )
    expect(await differences({ ...chain.deployment, contracts })).toContain(
      'SponsorPaymaster 0.8: address of code and arguments',
    )
  })

  test('a proxy that was pointed at another implementation', async () => {
    const found = await differencesAfter(() =>
      chain.testClient.setStorageAt({
        address: addressOf('JobMarketplace'),
        index: implementationSlot,
        value: pad(addressOf('FabToken')),
      }),
    )
    expect(found).toEqual(
      expect.arrayContaining([
        'JobMarketplace: implementation',
        'JobMarketplace implementation: code is this build',
      ]),
    )
  })

  test('another owner, and one that waits', async () => {
    const { timelock } = chain.book
    const deployer = chain.wallets.deployer.account.address
    const waiting = await differencesAfter(() =>
      callAs(timelock, 'NodeRegistry', 'transferOwnership', [deployer]),
    )
    expect(waiting).toEqual([
      'NodeRegistry: pendingOwner',
      'NodeRegistry: pendingOwner is not the deployer',
    ])
    const taken = await differencesAfter(async () => {
      await callAs(timelock, 'NodeRegistry', 'transferOwnership', [deployer])
      await callAs(deployer, 'NodeRegistry', 'acceptOwnership', [])
    })
    expect(taken).toEqual(['NodeRegistry: owner', 'NodeRegistry: owner is not the deployer'])
  })

  test('a role that the deployer got, and one that the governor or a guardian lost', async () => {
    const { timelock, governor } = chain.book
    const { deployer, guardian } = chain.wallets
    const role = async (contract: 'Timelock' | 'EmergencyGuardian', name: string) =>
      chain.publicClient.readContract({
        address: addressOf(contract),
        abi: (await readArtifact(contract)).abi,
        functionName: name,
      })
    const change = async (
      contract: 'Timelock' | 'EmergencyGuardian',
      functionName: 'grantRole' | 'revokeRole',
      name: string,
      account: Address,
    ) =>
      differencesAfter(async () =>
        callAs(timelock, contract, functionName, [await role(contract, name), account]),
      )
    const ours = deployer.account.address
    expect(await change('Timelock', 'grantRole', 'DEFAULT_ADMIN_ROLE', ours)).toEqual([
      'Timelock: DEFAULT_ADMIN_ROLE',
    ])
    expect(await change('Timelock', 'grantRole', 'EXECUTOR_ROLE', zeroAddress)).toEqual([
      'Timelock: EXECUTOR_ROLE',
    ])
    expect(await change('Timelock', 'revokeRole', 'CANCELLER_ROLE', governor)).toEqual([
      'Timelock: CANCELLER_ROLE',
    ])
    expect(await change('EmergencyGuardian', 'grantRole', 'EMERGENCY_ROLE', ours)).toEqual([
      'EmergencyGuardian: EMERGENCY_ROLE',
    ])
    expect(
      await change('EmergencyGuardian', 'revokeRole', 'EMERGENCY_ROLE', guardian.account.address),
    ).toEqual(['EmergencyGuardian: EMERGENCY_ROLE'])
  })

  test.each<{ contract: CodeName; setter: string; args?: readonly unknown[]; found: string }>([
    { contract: 'JobMarketplace', setter: 'setTreasury', found: 'treasury' },
    { contract: 'JobMarketplace', setter: 'setStakers', found: 'stakers' },
    { contract: 'JobMarketplace', setter: 'setArbiter', found: 'arbiter' },
    { contract: 'JobMarketplace', setter: 'setGuardian', found: 'guardian' },
    { contract: 'JobMarketplace', setter: 'setProofSystem', found: 'proofSystem' },
    { contract: 'JobMarketplace', setter: 'setReputation', found: 'reputation' },
    { contract: 'NodeRegistry', setter: 'setProofSystem', found: 'proofSystem' },
    { contract: 'ReputationSystem', setter: 'setProofSystem', found: 'proofSystem' },
  ])('another account behind $contract: $found', async ({ contract, setter, found }) => {
    const stranger = chain.wallets.anyone.account.address
    expect(
      await differencesAfter(() => callAs(chain.book.timelock, contract, setter, [stranger])),
    ).toEqual([`${contract}: ${found}`])
  })

  test('another sponsor of an EntryPoint, and a resolver that is none', async () => {
    const { timelock, deployments } = chain.book
    const stranger = chain.wallets.anyone.account.address
    const resolver = chain.wallets.arbiter.account.address
    const found = await differencesAfter(async () => {
      await callAs(timelock, 'JobMarketplace', 'setSponsorPaymaster', [
        deployments[0]?.entryPoint,
        stranger,
      ])
      await callAs(timelock, 'ProofSystem', 'setResolver', [resolver, false])
    })
    expect(found).toEqual([
      `ProofSystem: isResolver(${resolver})`,
      `JobMarketplace: sponsorPaymaster(${deployments[0]?.entryPoint})`,
    ])
  })

  test('a part of the marketplace’s code that goes on elsewhere', async () => {
    // The last part under the address of the third: it answers, but goes on nowhere.
    const { deployedBytecode } = await readArtifact('JobMarketplaceGovernance')
    const found = await differencesAfter(() =>
      chain.testClient.setCode({
        address: addressOf('JobMarketplaceOffice'),
        bytecode: deployedBytecode,
      }),
    )
    expect(found).toEqual(
      expect.arrayContaining([
        'JobMarketplaceOffice: code is this build',
        'JobMarketplaceOffice: extension',
      ]),
    )
  })

  test('other constants', async () => {
    const { timelock, usdc, governor } = chain.book
    const after = (contract: CodeName, setter: string, args: readonly unknown[]) =>
      differencesAfter(() =>
        callAs(setter.startsWith('setVoting') ? governor : timelock, contract, setter, args),
      )
    expect(await after('JobMarketplace', 'setTokenLimits', [usdc, 1n, 2n])).toEqual([
      `JobMarketplace: tokenConfig(${usdc})`,
    ])
    expect(await after('JobMarketplace', 'setFees', [999n, 500n])).toEqual(['JobMarketplace: fees'])
    expect(await after('JobMarketplace', 'setDisputeTerms', [200n, 691_200n])).toEqual([
      'JobMarketplace: disputeTerms',
    ])
    expect(await after('NodeRegistry', 'setUnbondingPeriod', [5n * 86_400n])).toEqual([
      'NodeRegistry: unbondingPeriod',
    ])
    expect(await after('ProofSystem', 'setChallengeBond', [parseEther('11')])).toEqual([
      'ProofSystem: challengeBond',
    ])
    expect(await after('Timelock', 'updateDelay', [60n])).toEqual(['Timelock: getMinDelay'])
  })

  test('a parameter that lost its bounds', async () => {
    const { timelock, marketplace } = chain.book
    const selector = toFunctionSelector('setFees(uint256,uint256)')
    expect(
      await differencesAfter(() =>
        callAs(timelock, 'ParameterGuard', 'removeParameter', [marketplace, selector, pad('0x')]),
      ),
    ).toEqual([
      'ParameterGuard: marketplace.setFees(uint256,uint256) for protocolFeeBps, stakersFeeBps',
    ])
  })

  test('a contract that the file does not name, and another chain', async () => {
    const { deployment } = chain
    const contracts = deployment.contracts.filter(({ name }) => name !== 'FabToken')
    expect(await differences({ ...deployment, contracts })).toEqual(['FabToken: totalSupply'])
    const without = deployment.contracts.filter(({ name }) => name !== 'JobMarketplaceOffice')
    expect(await differences({ ...deployment, contracts: without })).toEqual([
      'JobMarketplaceExtension: extension',
      'JobMarketplaceOffice: extension',
    ])
    const addressBook = { ...deployment.addressBook, chainId: 8453 }
    expect(await differences({ ...deployment, addressBook })).toEqual(['chain: chain id'])
  })
})

describe('governed parameters', () => {
  const parameters = () => {
    const { book } = chain
    const listed = governedParameters({ addresses: book, usdc: book.usdc })
    return governedSetters(book).map((setter, i) => ({ ...setter, ...listed[i] }))
  }
  const callOf = ({ selector, key, keyed }: ReturnType<typeof parameters>[number], to: bigint[]) =>
    concatHex([
      selector ?? '0x',
      ...(keyed && key ? [key] : []),
      ...to.map((value) => toHex(value, { size: 32 })),
    ])

  test('the guard reads each of them, and what holds now is within the bounds', async () => {
    const { abi } = await readArtifact('ParameterGuard')
    for (const one of parameters()) {
      const readings = (await chain.publicClient.readContract({
        address: chain.book.parameterGuard,
        abi,
        functionName: 'check',
        args: [
          one.target,
          callOf(
            one,
            one.values.map(({ minimum }) => minimum),
          ),
        ],
      })) as { name: string; current: bigint }[]
      expect(readings.map(({ name }) => name)).toEqual(one.values.map(({ name }) => name))
      for (const [i, { name, current }] of readings.entries()) {
        const { minimum = 1n, maximum = 0n } = one.values[i] ?? {}
        // No publisher is bound to a lowest price before governance names one.
        if (one.contract === 'modelRegistry' && current === 0n) continue
        expect(current, `${one.setter} ${name}`).toBeGreaterThanOrEqual(minimum)
        expect(current, `${one.setter} ${name}`).toBeLessThanOrEqual(maximum)
      }
    }
  })

  test('every contract takes both ends of the bounds of its parameters', async () => {
    const { testClient, wallets, book } = chain
    // The governor takes its own only out of a proposal that it runs itself.
    for (const one of parameters().filter(({ contract }) => contract !== 'governor')) {
      const id = await testClient.snapshot()
      await testClient.setBalance({ address: book.timelock, value: parseEther('1') })
      await testClient.impersonateAccount({ address: book.timelock })
      for (const end of ['maximum', 'minimum'] as const) {
        const data = callOf(
          one,
          one.values.map((value) => value[end]),
        )
        await wallets.anyone
          .sendTransaction({ account: book.timelock, to: one.target ?? zeroAddress, data })
          .catch((error: { details?: string }) => {
            throw new Error(`${one.contract}.${one.setter} ${end}: ${error.details}`)
          })
        // A level of the breaker stands for an hour at least.
        await testClient.increaseTime({ seconds: 3_600 })
      }
      await testClient.revert({ id })
    }
  })
})

test('it exports the sources of a contract and of nothing else for a block explorer', async () => {
  const { compiler, input } = await standardJsonOf(await readArtifact('SponsorPaymaster'))
  expect(compiler).toMatch(/^v0\.8\.\d+\+commit\./)
  const names = Object.keys(input.sources)
  expect(names).toContain('project/contracts/paymaster/SponsorPaymaster.sol')
  expect(names.filter((name) => name.startsWith('project/')).toSorted()).toEqual([
    'project/contracts/interfaces/ISponsorPaymaster.sol',
    'project/contracts/paymaster/SponsorPaymaster.sol',
  ])
  expect(input.settings).toMatchObject({ viaIR: true, evmVersion: 'cancun' })
})
