import { createHash, createSign, generateKeyPairSync } from 'node:crypto'
import {
  fabstirAccountAbi,
  fabstirAccountFactoryAbi,
  jobMarketplaceAbi,
  testUsdcAbi,
} from '@fabstir/contracts/abi'
import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import {
  type Address,
  bytesToHex,
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  hexToBigInt,
  maxUint256,
  numberToHex,
  parseAbiParameters,
  parseEther,
  parseUnits,
  toFunctionSelector,
} from 'viem'
import { entryPoint08Address, entryPoint09Address } from 'viem/account-abstraction'
import type { PrivateKeyAccount } from 'viem/accounts'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntityKind } from '../../bundler/src/validation/erc7562/scene.ts'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import { nonceKey } from '../../sdk/src/accounts/nonceKey.ts'
import {
  adapterOf,
  deploymentOf,
  newAccount,
  type Stack,
  startStack,
  type TestAccount,
} from '../system/paymasterFixture.ts'
import {
  type Calls,
  deployTokenPaymaster,
  operation,
  paidInToken,
  signed,
  sponsored,
  transact,
} from './rulesFixture.ts'
import { traceValidation } from './traceValidation.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(async () => {
  await stack.anvil.stop()
})

/** Most that paying in tokens may cost more than paying oneself (contracts.md 2.6), in gas. */
const tokenPaymentGas = 45_000n

const host: Address = '0x0000000000000000000000000000000000004057'
const freshKey = () => privateKeyToAccount(generatePrivateKey())

describe.each([
  { version: '0.8', address: entryPoint08Address },
  { version: '0.9', address: entryPoint09Address },
])('[ERC-7562] on EntryPoint $version, validation of', ({ address }) => {
  const entryPoint = adapterOf(address)
  const app = freshKey()
  let account: TestAccount
  let tokenPaymaster: Address

  beforeAll(async () => {
    account = await newAccount(stack, entryPoint.address)
    await fund(account.address)
    await stack.client.setBalance({ address: account.owner.address, value: parseEther('1') })
    const { factory, factoryData } = account
    await transact(stack, { to: factory, data: factoryData })
    tokenPaymaster = await deployTokenPaymaster(stack, entryPoint)
    await transact(
      stack,
      { to: account.address, data: grant(account.address, app, address) },
      account.owner,
    )
    const op = await operation(stack, entryPoint, {
      sender: account.address,
      calls: [approve(tokenPaymaster, maxUint256)],
    })
    await include(entryPoint, await signed(stack, entryPoint, op, account.owner))
    expect(factory).toBe(deploymentOf(stack.contracts, address).accountFactory)
  })

  test('a first operation that deploys its account', async () => {
    const fresh = await newAccount(stack, entryPoint.address)
    await fund(fresh.address)
    const { factory, factoryData } = fresh
    const op = await operation(stack, entryPoint, {
      sender: fresh.address,
      calls: [claim()],
      factory,
      factoryData,
    })
    await expectLegal(await signed(stack, entryPoint, op, fresh.owner), ['factory', 'account'])
    const paid = await sponsored(stack, entryPoint, op)
    await expectLegal(await signed(stack, entryPoint, paid, fresh.owner), [
      'factory',
      'account',
      'paymaster',
    ])
  })

  test('a first operation of a session key with a signed grant', async () => {
    const fresh = await newAccount(stack, entryPoint.address)
    const { factory, factoryData } = fresh
    const sender = fresh.address
    const op = await sponsored(
      stack,
      entryPoint,
      await operation(stack, entryPoint, {
        sender,
        key: sessionKey(app),
        calls: [claim()],
        factory,
        factoryData,
      }),
    )
    const hash = entryPoint.hash(op, stack.client.chain.id)
    const signature = await grantSignature(fresh, app, address, await app.sign({ hash }))
    await expectLegal({ ...op, signature }, ['factory', 'account', 'paymaster'])
  })

  test('an operation of the secp256k1 owner', async () => {
    const op = await operation(stack, entryPoint, { sender: account.address, calls: [claim()] })
    await expectLegal(await signed(stack, entryPoint, op, account.owner), ['account'])
  })

  test('an operation of a passkey owner, without the precompile', async () => {
    const passkey = newPasskey()
    const { accountFactory } = deploymentOf(stack.contracts, address)
    const call = { abi: fabstirAccountFactoryAbi, args: [passkey.owner, 1n] } as const
    const sender = await stack.client.readContract({
      ...call,
      address: accountFactory,
      functionName: 'getAddress',
    })
    await fund(sender)
    const op = await operation(stack, entryPoint, {
      sender,
      calls: [claim()],
      factory: accountFactory,
      factoryData: encodeFunctionData({ ...call, functionName: 'createAccount' }),
    })
    const signature = passkey.sign(entryPoint.hash(op, stack.client.chain.id))
    await expectLegal({ ...op, signature }, ['factory', 'account'])
  })

  test.each([
    { name: 'one call', calls: () => [claim()] },
    { name: 'a token transfer', calls: () => [transfer(host, 1_000_000n)] },
    { name: 'approve and create', calls: () => approveAndCreate() },
  ])('a session key, $name', async ({ calls }) => {
    const op = await operation(stack, entryPoint, {
      sender: account.address,
      key: sessionKey(app),
      calls: calls(),
    })
    await expectLegal(
      await signed(stack, entryPoint, await sponsored(stack, entryPoint, op), app),
      ['account', 'paymaster'],
    )
  })

  test('an EIP-7702 account, by its own key and by a session key', async () => {
    const self = freshKey()
    const sender = self.address
    const { accountImplementation } = deploymentOf(stack.contracts, address)
    await fund(sender)
    await stack.client.setCode({
      address: sender,
      bytecode: concat(['0xef0100', accountImplementation]),
    })
    const op = await operation(stack, entryPoint, { sender, calls: [claim()] })
    await expectLegal(await signed(stack, entryPoint, op, self), ['account'])
    await expectLegal(
      await signed(stack, entryPoint, await sponsored(stack, entryPoint, op), self),
      ['account', 'paymaster'],
    )

    await transact(stack, { to: sender, data: grant(sender, app, address) }, self)
    const session = await operation(stack, entryPoint, {
      sender,
      key: sessionKey(app),
      calls: approveAndCreate(),
    })
    await expectLegal(
      await signed(stack, entryPoint, await sponsored(stack, entryPoint, session), app),
      ['account', 'paymaster'],
    )
  })

  test('the TokenPaymaster, which needs its stake', async () => {
    const op = paidInToken(
      await operation(stack, entryPoint, { sender: account.address, calls: [claim()] }),
      tokenPaymaster,
      stack.contracts.usdc,
    )
    const ready = await signed(stack, entryPoint, op, account.owner)
    await expectLegal(ready, ['account', 'paymaster'], ['paymaster'])
    const { violations } = await trace(ready)
    expect(new Set(violations.map(({ rule }) => rule))).toEqual(
      new Set(['STO-031', 'STO-032', 'EREP-050']),
    )
    expect(violations.every(({ entity }) => entity === 'paymaster')).toBe(true)
  })

  test(`paying in tokens costs at most ${tokenPaymentGas} gas more than paying oneself`, async () => {
    const next = () => operation(stack, entryPoint, { sender: account.address, calls: [noop()] })
    const pay = async (token: boolean) => {
      const op = await next()
      const paid = token ? paidInToken(op, tokenPaymaster, stack.contracts.usdc) : op
      return include(entryPoint, await signed(stack, entryPoint, paid, account.owner))
    }
    // The first payment opens the paymaster's balance.
    await pay(true)
    await pay(false)
    const [self, token] = [await pay(false), await pay(true)]
    console.log(`EntryPoint ${entryPoint.version}: ${token - self} gas more in tokens`)
    expect(token - self).toBeLessThanOrEqual(tokenPaymentGas)
  })

  async function expectLegal(
    op: UserOperation,
    entities: EntityKind[],
    staked: readonly EntityKind[] = [],
  ) {
    const traced = await trace(op, staked)
    expect(traced.violations).toEqual([])
    expect(traced.entities).toEqual(new Set(entities))
    expect(traced.accepted).toBe(true)
  }

  const trace = (op: UserOperation, staked: readonly EntityKind[] = []) =>
    traceValidation(
      {
        rpcUrl: stack.anvil.url,
        bundler: devnetAccounts.executors[0].address,
      },
      entryPoint,
      op,
      staked,
    )
})

async function include(entryPoint: EntryPointAdapter, op: UserOperation): Promise<bigint> {
  const { gasUsed } = await transact(stack, {
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps([op], devnetAccounts.executors[0].address),
    gas: 5_000_000n,
  })
  return gasUsed
}

/** Ether and a thousand USDC. */
async function fund(address: Address) {
  await stack.client.setBalance({ address, value: parseEther('1') })
  const data = encodeFunctionData({
    abi: testUsdcAbi,
    functionName: 'mint',
    args: [address, parseUnits('1000', 6)],
  })
  await transact(stack, { to: stack.contracts.usdc, data })
}

const sessionKey = (app: PrivateKeyAccount) => nonceKey({ type: 'session', keyId: app.address })

const claim = () => ({
  target: stack.contracts.marketplace,
  data: encodeFunctionData({ abi: jobMarketplaceAbi, functionName: 'claimJob', args: [1n] }),
})
const noop = () => approve(host, 1n)
const approve = (spender: Address, amount: bigint) => ({
  target: stack.contracts.usdc,
  data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, amount] }),
})
const transfer = (to: Address, amount: bigint) => ({
  target: stack.contracts.usdc,
  data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [to, amount] }),
})
const createAbi = jobMarketplaceAbi
function approveAndCreate(): Calls {
  const { marketplace, usdc } = stack.contracts
  return [
    approve(marketplace, 5_000_000n),
    {
      target: marketplace,
      data: encodeFunctionData({
        abi: createAbi,
        functionName: 'createSessionJobWithToken',
        args: [host, usdc, 5_000_000n, 1n, 86_400n, 500n],
      }),
    },
  ]
}

/** Claim, transfer to the host, and approve and create in USDC; paid by the sponsor. */
function policyOf(app: PrivateKeyAccount, entryPoint: Address) {
  const { marketplace, usdc, deployments } = stack.contracts
  const sponsor = deploymentOf({ ...stack.contracts, deployments }, entryPoint).sponsorPaymaster
  const selector = (signature: string) => toFunctionSelector(signature)
  return {
    key: app.address,
    validAfter: 0,
    validUntil: Math.floor(Date.now() / 1000) + 86_400,
    uses: 100,
    calls: [
      { target: marketplace, selector: selector('claimJob(uint256)') },
      {
        target: marketplace,
        selector: selector(
          'createSessionJobWithToken(address,address,uint256,uint256,uint256,uint256)',
        ),
      },
      { target: usdc, selector: selector('approve(address,uint256)') },
      { target: usdc, selector: selector('transfer(address,uint256)') },
    ],
    limits: [{ token: usdc, perCall: 10_000_000n, total: 100_000_000n }],
    pins: [
      {
        target: usdc,
        selector: selector('transfer(address,uint256)'),
        index: 0,
        allowed: [numberToHex(hexToBigInt(host), { size: 32 })],
      },
    ],
    payers: [sponsor],
    maxGasCost: 0n,
  }
}

const grant = (_account: Address, app: PrivateKeyAccount, entryPoint: Address) =>
  encodeFunctionData({
    abi: fabstirAccountAbi,
    functionName: 'addSessionKeyWithPolicy',
    args: [policyOf(app, entryPoint)],
  })

const policyComponents = [
  'struct CallPermission { address target; bytes4 selector; }',
  'struct TokenLimit { address token; uint128 perCall; uint128 total; }',
  'struct ArgumentPin { address target; bytes4 selector; uint8 index; bytes32[] allowed; }',
  'struct SessionPolicy { address key; uint48 validAfter; uint48 validUntil; uint32 uses; CallPermission[] calls; TokenLimit[] limits; ArgumentPin[] pins; address[] payers; uint128 maxGasCost; }',
] as const

/** The owner's grant in the operation's signature, with the key's own. */
async function grantSignature(
  { address, owner }: TestAccount,
  app: PrivateKeyAccount,
  entryPoint: Address,
  keySignature: Hex,
): Promise<Hex> {
  const policy = policyOf(app, entryPoint)
  const [salt, deadline, epoch] = [numberToHex(7, { size: 32 }), policy.validUntil - 1_000, 0]
  const named = (types: string) =>
    types.split(',').map((field) => {
      const [type = '', name = ''] = field.split(' ')
      return { type, name }
    })
  const ownerSignature = await owner.signTypedData({
    domain: {
      name: 'FabstirAccount',
      version: '1',
      chainId: stack.client.chain.id,
      verifyingContract: address,
    },
    types: {
      SessionGrant: named('SessionPolicy policy,bytes32 salt,uint48 deadline,uint32 epoch'),
      SessionPolicy: named(
        'address key,uint48 validAfter,uint48 validUntil,uint32 uses,CallPermission[] calls,TokenLimit[] limits,ArgumentPin[] pins,address[] payers,uint128 maxGasCost',
      ),
      CallPermission: named('address target,bytes4 selector'),
      TokenLimit: named('address token,uint128 perCall,uint128 total'),
      ArgumentPin: named('address target,bytes4 selector,uint8 index,bytes32[] allowed'),
    },
    primaryType: 'SessionGrant',
    message: { policy, salt, deadline, epoch },
  })
  const encoded = encodeAbiParameters(
    parseAbiParameters([
      'SessionPolicy policy, bytes32 salt, uint48 deadline, uint32 epoch, bytes ownerSignature, bytes keySignature',
      ...policyComponents,
    ]),
    [
      policy,
      salt,
      deadline,
      epoch,
      concat(['0x00', ownerSignature]),
      concat(['0x00', keySignature]),
    ],
  )
  return concat(['0x10', encoded])
}

/** A WebAuthn credential: the owner's bytes, and assertions as an authenticator makes them. */
function newPasskey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = publicKey.export({ format: 'jwk' })
  const coordinate = (value = '') => bytesToHex(Buffer.from(value, 'base64url'), { size: 32 })
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  return {
    owner: concat([coordinate(x), coordinate(y)]),
    sign(challenge: Hex): Hex {
      const encoded = Buffer.from(challenge.slice(2), 'hex').toString('base64url')
      const client = `{"type":"webauthn.get","challenge":"${encoded}","origin":"https://app.test"}`
      // Hash of the relying party, flags "present" and "verified", counter.
      const authenticator = Buffer.concat([
        createHash('sha256').update('app.test').digest(),
        Buffer.from('0500000001', 'hex'),
      ])
      const clientHash = createHash('sha256').update(client).digest()
      const signature = createSign('sha256')
        .update(Buffer.concat([authenticator, clientHash]))
        .sign({ key: privateKey, dsaEncoding: 'ieee-p1363' })
      const s = hexToBigInt(bytesToHex(signature.subarray(32)))
      const assertion = encodeAbiParameters(
        parseAbiParameters('bytes32, bytes32, uint256, uint256, bytes, string'),
        [
          bytesToHex(signature.subarray(0, 32)),
          numberToHex(s > order / 2n ? order - s : s, { size: 32 }),
          BigInt(client.indexOf('"challenge"')),
          BigInt(client.indexOf('"type"')),
          bytesToHex(authenticator),
          client,
        ],
      )
      return concat(['0x02', assertion])
    },
  }
}
