import type { EntryPointVersion, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Estimator } from '../../bundler/src/estimation/estimateGas.ts'
import type { Validator } from '../../bundler/src/validation/validate.ts'
import { deployedAccount, groundOf, judgesOf } from '../fixtures/estimating.ts'
import { expectTightLimits } from '../fixtures/gasNeed.ts'
import { insistingPaymasterCode, paymasterCode, writeSlots } from '../fixtures/paymasterCode.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import {
  deploySimpleAccounts,
  execute,
  publishedArtifact,
  sign,
  unsigned,
} from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts
let estimator: Estimator
let validator: Validator

const paymasters = {
  plain: { address: '0x00000000000000000000000000000000000000b1', code: paymasterCode() },
  withPostOp: {
    address: '0x00000000000000000000000000000000000000b2',
    code: paymasterCode({ postOp: writeSlots(3) }),
  },
  // Wants to see room for its postOp in validation, as a TokenPaymaster does.
  insisting: {
    address: '0x00000000000000000000000000000000000000b3',
    code: insistingPaymasterCode('0x00000000000000000000000000000000000000b2', 60_000),
  },
} as const satisfies Record<string, { address: Address; code: Hex }>

/** Burns 110,000 gas, and then writes slot 0. */
const worker: Address = '0x00000000000000000000000000000000000000d1'
const workerCode = '0x610fff5b6001900380600357600160005500'

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  for (const { address, code } of Object.values(paymasters)) {
    await chain.client.setCode({ address, bytecode: code })
    for (const entryPoint of entryPointAdapters)
      await chain.deposit(entryPoint, address, parseEther('5'))
  }
  await chain.client.setCode({ address: worker, bytecode: workerCode })
  ;({ estimator, validator } = judgesOf(chain))
})

afterAll(async () => {
  await chain?.stop()
})

async function expectTight(account: TestAccount, op: UserOperation) {
  const estimate = await estimator.estimate(op, account.entryPoint)
  const limited = { ...op, ...estimate }
  await validator.validate(await sign(account, limited, chain.chainId), account.entryPoint)
  await expectTightLimits(groundOf(chain, account), limited)
  return estimate
}

const deployed = (version: EntryPointVersion) => deployedAccount(chain, accounts, version)

const work = execute({ to: worker })
const sponsoredBy = (paymaster: Address) => ({ paymaster, paymasterData: '0x' as Hex })

describe.each(
  entryPointAdapters.map((entryPoint) => ({ version: entryPoint.version, entryPoint })),
)(
  'an estimate on EntryPoint $version is accepted, passes, and is at most 10 % too high:',
  ({ version, entryPoint }) => {
    test('a transfer that deploys its account', async () => {
      const account = await accounts.counterfactual(version)
      await expectTight(account, unsigned(account, { deploy: true }))
    })

    test('a call of a deployed account', async () => {
      const account = await deployed(version)
      await expectTight(account, unsigned(account, { callData: work }))
    })

    test('an account whose deposit pays', async () => {
      const account = await deployed(version)
      const op = unsigned(account, { callData: work })
      const paying = await estimator.estimate(op, entryPoint)
      await chain.deposit(entryPoint, account.address, parseEther('0.1'))
      const estimate = await expectTight(account, op)
      expect(estimate.verificationGasLimit).toBeLessThan(paying.verificationGasLimit)
    })

    test('a paymaster, and an account that is deployed', async () => {
      const account = await accounts.counterfactual(version)
      const fields = { deploy: true, ...sponsoredBy(paymasters.plain.address) }
      await expectTight(account, unsigned(account, fields))
    })

    test('a paymaster with postOp', async () => {
      const account = await deployed(version)
      const fields = { callData: work, ...sponsoredBy(paymasters.withPostOp.address) }
      await expectTight(account, unsigned(account, fields))
    })

    if (entryPoint.supports.paymasterGasLimits)
      test('a paymaster that insists on a postOp limit', async () => {
        const account = await deployed(version)
        const fields = { callData: work, ...sponsoredBy(paymasters.insisting.address) }
        await expectTight(account, unsigned(account, fields))
      })

    if (entryPoint.supports.eip7702)
      test('an EOA that is delegated', async () => {
        const { abi, bytecode } = publishedArtifact(version, 'Simple7702Account')
        // Only 0.9 takes the EntryPoint as a constructor argument; 0.8 has it built in.
        const args = version === '0.9' ? [entryPoint.address] : []
        const address = await chain.deploy({ abi, bytecode, args })
        const owner = privateKeyToAccount(generatePrivateKey())
        await chain.client.setBalance({ address: owner.address, value: parseEther('1') })
        const { chainId } = chain
        const eip7702Auth = await owner.signAuthorization({ address, chainId, nonce: 0 })
        const template = await accounts.counterfactual(version)
        const account = { ...template, address: owner.address, owner }
        const factory = '0x7702000000000000000000000000000000000000'
        await expectTight(account, { ...unsigned(account), callData: work, factory, eip7702Auth })
      })
  },
)
