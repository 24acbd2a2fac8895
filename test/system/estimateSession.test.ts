import { fabstirAccountAbi, sponsorPaymasterAbi, testUsdcAbi } from '@fabstir/contracts/abi'
import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import {
  concat,
  encodeFunctionData,
  erc20Abi,
  numberToHex,
  parseEther,
  size,
  slice,
  toFunctionSelector,
} from 'viem'
import {
  entryPoint08Address,
  entryPoint09Address,
  toPackedUserOperation,
} from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpChainReader } from '../../bundler/src/chain/httpChainReader.ts'
import { createEstimator } from '../../bundler/src/estimation/estimateGas.ts'
import { defaultEstimationLimits } from '../../bundler/src/estimation/limits.ts'
import { createFeeOracle } from '../../bundler/src/fees/feeOracle.ts'
import { defaultValidationLimits } from '../../bundler/src/validation/limits.ts'
import { createValidator } from '../../bundler/src/validation/validate.ts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import { nonceKey } from '../../sdk/src/accounts/nonceKey.ts'
import { expectTightLimits } from '../fixtures/gasNeed.ts'
import { dummySignature } from '../fixtures/simpleAccounts.ts'
import { operation, signed, transact } from '../rules/rulesFixture.ts'
import {
  adapterOf,
  deploymentOf,
  newAccount,
  type Stack,
  signerKey,
  startStack,
} from './paymasterFixture.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(async () => {
  await stack?.anvil.stop()
})

const dummy = concat(['0x00', dummySignature])

function judges() {
  const { client, anvil } = stack
  const reader = createHttpChainReader({ url: anvil.url, timeoutMs: 10_000 })
  const shared = { reader, chainId: client.chain.id, ...createFeeOracle({ reader }) }
  return {
    estimator: createEstimator({ ...shared, limits: defaultEstimationLimits }),
    validator: createValidator({ ...shared, limits: defaultValidationLimits, now: Date.now }),
  }
}

describe.each([
  { version: '0.8', address: entryPoint08Address },
  { version: '0.9', address: entryPoint09Address },
])(
  'an estimate for a FabstirAccount on EntryPoint $version is accepted, passes, and is at most 10 % too high:',
  ({ address }) => {
    const entryPoint = adapterOf(address)

    /** Estimates `op` with a dummy signature, and holds the limits against what it needs. */
    async function expectTight(
      op: UserOperation,
      sign: (op: UserOperation) => Promise<UserOperation>,
    ) {
      const { estimator, validator } = judges()
      const cleared = {
        ...op,
        callGasLimit: 0n,
        verificationGasLimit: 0n,
        preVerificationGas: 0n,
        signature: dummy,
      }
      const limited = { ...cleared, ...(await estimator.estimate(cleared, entryPoint)) }
      await validator.validate(await sign(limited), entryPoint)
      const { client, anvil } = stack
      const [executor] = devnetAccounts.executors
      const ground = { client, rpcUrl: anvil.url, executor, entryPoint, sign }
      await expectTightLimits(ground, limited)
      return limited
    }

    test('a first operation of its owner', async () => {
      const { address: sender, owner, factory, factoryData } = await newAccount(stack, address)
      await stack.client.setBalance({ address: sender, value: parseEther('1') })
      const calls = [approve(sender)]
      const op = await operation(stack, entryPoint, { sender, calls, factory, factoryData })
      await expectTight(op, (limited) => signed(stack, entryPoint, limited, owner))
    })

    test('a sponsored operation of a session key', async () => {
      const { address: sender, owner, factory, factoryData } = await newAccount(stack, address)
      await stack.client.setBalance({ address: owner.address, value: parseEther('1') })
      await transact(stack, { to: factory, data: factoryData })
      const app = privateKeyToAccount(generatePrivateKey())
      const { sponsorPaymaster } = deploymentOf(stack.contracts, address)
      const mint = { abi: testUsdcAbi, functionName: 'mint', args: [sender, 1_000n] } as const
      await transact(stack, { to: stack.contracts.usdc, data: encodeFunctionData(mint) })
      const data = grant(app.address, sponsorPaymaster)
      await transact(stack, { to: sender, data }, owner)
      const key = nonceKey({ type: 'session', keyId: app.address })
      const plain = await operation(stack, entryPoint, { sender, key, calls: [transfer()] })
      const terms = await termsOf()
      const op: UserOperation = {
        ...plain,
        paymaster: sponsorPaymaster,
        paymasterData: concat([terms, dummySignature]),
      }
      const limited = await expectTight(op, async (one) =>
        signed(stack, entryPoint, await approved(one), app),
      )
      expect(limited.paymasterVerificationGasLimit).toBeGreaterThan(10_000n)
      expect(limited.paymasterPostOpGasLimit).toBe(0n)
    })
  },
)

const approve = (spender: Address) => ({
  target: stack.contracts.usdc,
  data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, 7n] }),
})

const host: Address = '0x0000000000000000000000000000000000004057'
const transfer = () => ({
  target: stack.contracts.usdc,
  data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [host, 7n] }),
})

/** A key that may transfer USDC to one host, paid by the sponsor. */
function grant(key: Address, sponsor: Address): Hex {
  const { usdc } = stack.contracts
  const selector = toFunctionSelector('transfer(address,uint256)')
  const policy = {
    key,
    validAfter: 0,
    validUntil: Math.floor(Date.now() / 1000) + 86_400,
    uses: 100,
    calls: [{ target: usdc, selector }],
    limits: [{ token: usdc, perCall: 10n, total: 100n }],
    pins: [
      { target: usdc, selector, index: 0, allowed: [numberToHex(BigInt(host), { size: 32 })] },
    ],
    payers: [sponsor],
    maxGasCost: 0n,
  }
  return encodeFunctionData({
    abi: fabstirAccountAbi,
    functionName: 'addSessionKeyWithPolicy',
    args: [policy],
  })
}

/** Id and time range of a sponsorship. */
async function termsOf(): Promise<Hex> {
  const now = Number((await stack.client.getBlock()).timestamp)
  return concat([
    numberToHex(1, { size: 16 }),
    numberToHex(now - 60, { size: 6 }),
    numberToHex(now + 600, { size: 6 }),
  ])
}

/** `op` with the sponsor's signature in place of the dummy. */
async function approved(op: UserOperation): Promise<UserOperation> {
  const { paymaster, paymasterData = '0x' } = op
  if (!paymaster) throw new RangeError('the operation has no sponsor')
  const terms = slice(paymasterData, 0, size(paymasterData) - 65)
  const { eip7702Auth: _none, ...fields } = op
  const hash = await stack.client.readContract({
    address: paymaster,
    abi: sponsorPaymasterAbi,
    functionName: 'sponsorshipHash',
    args: [toPackedUserOperation(fields)],
  })
  const signature = await privateKeyToAccount(signerKey).sign({ hash })
  return { ...op, paymasterData: concat([terms, signature]) }
}
