/**
 * Records what the real EntryPoints 0.6 to 0.9 answer, on a fresh anvil: hashes of a table of operations,
 * and revert data of failing `handleOps`. The unit tests compare the adapters with these files.
 * Run: node erc4337/scripts/recordVectors.ts
 */
import { writeFile } from 'node:fs/promises'
import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, getAbiItem, numberToHex, parseEther, toFunctionSelector, zeroAddress } from 'viem'
import { paymasterCode, revertWithDeadbeef } from '../../test/fixtures/paymasterCode.ts'
import type { SimpleAccounts } from '../../test/fixtures/simpleAccounts.ts'
import { deploySimpleAccounts, sign, unsigned } from '../../test/fixtures/simpleAccounts.ts'
import type { TestChain } from '../../test/fixtures/testChain.ts'
import { startTestChain } from '../../test/fixtures/testChain.ts'

const vectorsFolder = new URL('../../test/vectors/', import.meta.url)

const plain: UserOperation = {
  sender: '0x1111111111111111111111111111111111111111',
  nonce: 0n,
  callData: '0xdeadbeef',
  callGasLimit: 100_001n,
  verificationGasLimit: 100_002n,
  preVerificationGas: 100_003n,
  maxFeePerGas: 1_000_000_007n,
  maxPriorityFeePerGas: 1_000_000_006n,
  signature: '0x99',
}
const factory = {
  factory: '0x2222222222222222222222222222222222222222',
  factoryData: '0x0102',
} as const
const paymaster = { paymaster: '0x3333333333333333333333333333333333333333' } as const
const paymasterLimits = {
  paymasterVerificationGasLimit: 100_004n,
  paymasterPostOpGasLimit: 100_005n,
}

/** Operations by name; `paymaster` cases get their limits where the version has them. */
const operations: Record<string, Partial<UserOperation>> = {
  plain: {},
  'no call data, no signature': { callData: '0x', signature: '0x' },
  'nonce key and sequence': { nonce: (0xabcdefn << 64n) | 42n },
  factory,
  'factory without data': { factory: factory.factory, factoryData: '0x' },
  'paymaster without data': paymaster,
  'paymaster with data': { ...paymaster, paymasterData: '0x0a0b0c' },
  'factory and paymaster': { ...factory, ...paymaster, paymasterData: '0x0a0b0c' },
  'call data of 2,000 bytes': { callData: `0x${'a5'.repeat(2000)}` },
  'largest gas values': {
    callGasLimit: (1n << 120n) - 1n,
    verificationGasLimit: (1n << 120n) - 1n,
    preVerificationGas: (1n << 120n) - 1n,
    maxFeePerGas: (1n << 120n) - 1n,
    maxPriorityFeePerGas: (1n << 120n) - 1n,
  },
}

/** EntryPoint 0.9 only. */
const paymasterSignatures: Record<string, Partial<UserOperation>> = {
  'paymaster signature': {
    ...paymaster,
    paymasterData: '0x0a0b0c',
    paymasterSignature: '0xfefdfc',
  },
  'paymaster signature without data': { ...paymaster, paymasterSignature: '0xfefdfc' },
  'paymaster signature inside paymasterData': {
    ...paymaster,
    paymasterData: '0x0a0b0cfefdfc000322e325a297439656',
  },
  'paymaster signature of length 0 is data': {
    ...paymaster,
    paymasterData: '0x0a0b0c000022e325a297439656',
  },
  'magic without length is data': { ...paymaster, paymasterData: '0x22e325a297439656' },
}

/** EntryPoint 0.8 and later: the delegate takes the place of the marker. */
const delegated: Partial<UserOperation> = {
  factory: '0x7702000000000000000000000000000000000000',
  eip7702Auth: {
    address: '0x4444444444444444444444444444444444444444',
    chainId: 31_337,
    nonce: 0,
    r: `0x${'01'.repeat(32)}`,
    s: `0x${'02'.repeat(32)}`,
    yParity: 0,
  },
}
const delegations: Record<string, Partial<UserOperation>> = {
  'EIP-7702 sender': delegated,
  'EIP-7702 sender with initialisation': { ...delegated, factoryData: '0x0102' },
}

async function recordHashes(chain: TestChain) {
  const vectors = []
  await chain.client.setCode({
    address: plain.sender,
    bytecode: concat(['0xef0100', '0x4444444444444444444444444444444444444444']),
  })
  for (const entryPoint of entryPointAdapters) {
    const { supports, version } = entryPoint
    const table = {
      ...operations,
      ...(supports.paymasterSignature ? paymasterSignatures : {}),
      ...(supports.eip7702 ? delegations : {}),
    }
    for (const [name, fields] of Object.entries(table)) {
      const limits = fields.paymaster && supports.paymasterGasLimits ? paymasterLimits : {}
      const op = { ...plain, ...limits, ...fields }
      const hash = await getUserOpHash(chain, entryPoint, op)
      vectors.push({ name, version, chainId: chain.chainId, op, hash })
    }
  }
  return vectors
}

async function getUserOpHash(
  chain: TestChain,
  entryPoint: EntryPointAdapter,
  op: UserOperation,
): Promise<Hex> {
  const item = getAbiItem({ abi: entryPoint.abi, name: 'getUserOpHash' })
  if (item?.type !== 'function') throw new Error('no getUserOpHash')
  const { data } = await chain.client.call({
    to: entryPoint.address,
    data: concat([
      toFunctionSelector(item),
      numberToHex(32, { size: 32 }),
      entryPoint.encodeOperation(op),
    ]),
  })
  if (!data) throw new Error('getUserOpHash returned nothing')
  return data
}

type Failure = {
  name: string
  /** The code that the EntryPoint is expected to answer with; empty when it gives none. */
  aaCode: string
  op: UserOperation
  beneficiary?: Address
  gas?: bigint
}

const limits = {
  callGasLimit: 50_000n,
  verificationGasLimit: 1_000_000n,
  preVerificationGas: 60_000n,
}
const hour = 3600n
const rejecting: Address = '0x00000000000000000000000000000000000000b1'
const accepting: Address = '0x00000000000000000000000000000000000000b2'
const expired: Address = '0x00000000000000000000000000000000000000b3'
const unsignedPaymaster: Address = '0x00000000000000000000000000000000000000b4'
const outsideBlocks: Address = '0x00000000000000000000000000000000000000b5'
const failingPostOp: Address = '0x00000000000000000000000000000000000000b6'

async function installPaymasters(chain: TestChain) {
  const blockFlag = 1n << 47n
  const codes: [Address, Hex][] = [
    [rejecting, revertWithDeadbeef],
    [accepting, paymasterCode()],
    [expired, paymasterCode({ validationData: hour << 160n })],
    [unsignedPaymaster, paymasterCode({ validationData: 1n })],
    [
      outsideBlocks,
      paymasterCode({ validationData: ((blockFlag | 2n) << 160n) | ((blockFlag | 1n) << 208n) }),
    ],
    [failingPostOp, paymasterCode({ postOp: revertWithDeadbeef })],
  ]
  for (const [address, bytecode] of codes) {
    await chain.client.setCode({ address, bytecode })
    if (address === accepting) continue
    for (const entryPoint of entryPointAdapters)
      await chain.deposit(entryPoint, address, parseEther('1'))
  }
}

async function failuresOf(
  entryPoint: EntryPointAdapter,
  accounts: SimpleAccounts,
  chain: TestChain,
): Promise<Failure[]> {
  const { version, supports } = entryPoint
  const account = await accounts.counterfactual(version)
  const other = await accounts.counterfactual(version)
  const poor = await accounts.counterfactual(version, 0n)
  const deployed = await accounts.counterfactual(version)
  await chain.send({
    to: entryPoint.address,
    data: entryPoint.encodeHandleOps(
      [await sign(deployed, unsigned(deployed, { ...limits, deploy: true }), chain.chainId)],
      chain.bundler,
    ),
  })
  const signed = (fields: Parameters<typeof unsigned>[1], by = account) =>
    sign(by, unsigned(by, { ...limits, deploy: by !== deployed, ...fields }), chain.chainId)
  const sponsored = (address: Address) =>
    signed(
      {
        nonce: 1n,
        paymaster: address,
        ...(supports.paymasterGasLimits
          ? { paymasterVerificationGasLimit: 100_000n, paymasterPostOpGasLimit: 50_000n }
          : {}),
      },
      deployed,
    )

  const noFactory = '0x00000000000000000000000000000000000000c1' as const
  const good = await signed({})
  return [
    ...(supports.blockRanges
      ? []
      : [
          {
            name: 'sender already deployed',
            aaCode: 'AA10',
            op: await signed(
              {
                nonce: 1n,
                factory: deployed.factory,
                factoryData: deployed.factoryData,
              },
              deployed,
            ),
          },
        ]),
    { name: 'factory without code', aaCode: 'AA13', op: { ...good, factory: noFactory } },
    {
      name: 'factory makes another sender',
      aaCode: 'AA14',
      op: { ...good, sender: other.address },
    },
    {
      name: 'sender without code',
      // Up to 0.7 the compiler's own check for code reverts, without data.
      aaCode: supports.eip7702 ? 'AA20' : '',
      op: await signed({ deploy: false }),
    },
    { name: 'sender without funds', aaCode: 'AA21', op: await signed({}, poor) },
    { name: 'signature of 2 bytes', aaCode: 'AA23', op: { ...good, signature: '0x1234' } },
    {
      name: 'signature of another',
      aaCode: 'AA24',
      op: { ...good, signature: (await signed({}, other)).signature },
    },
    { name: 'nonce from the future', aaCode: 'AA25', op: await signed({ nonce: 5n }) },
    { name: 'paymaster without deposit', aaCode: 'AA31', op: await sponsored(accepting) },
    { name: 'paymaster sponsorship expired', aaCode: 'AA32', op: await sponsored(expired) },
    { name: 'paymaster reverts', aaCode: 'AA33', op: await sponsored(rejecting) },
    { name: 'paymaster signature wrong', aaCode: 'AA34', op: await sponsored(unsignedPaymaster) },
    ...(supports.blockRanges
      ? [{ name: 'outside the block range', aaCode: 'AA37', op: await sponsored(outsideBlocks) }]
      : []),
    ...(supports.paymasterGasLimits
      ? []
      : [{ name: 'postOp reverts', aaCode: 'AA50', op: await sponsored(failingPostOp) }]),
    { name: 'beneficiary is zero', aaCode: 'AA90', op: good, beneficiary: zeroAddress },
    { name: 'fee above 120 bits', aaCode: 'AA94', op: { ...good, maxFeePerGas: 1n << 120n } },
    {
      name: 'bundle without enough gas',
      aaCode: 'AA95',
      op: await signed({ nonce: 1n, callGasLimit: 2_000_000n, deploy: false }, deployed),
      gas: 1_000_000n,
    },
  ]
}

async function recordReverts(chain: TestChain) {
  const accounts = await deploySimpleAccounts(chain)
  await installPaymasters(chain)
  const vectors = []
  for (const entryPoint of entryPointAdapters) {
    for (const { name, aaCode, op, beneficiary, gas } of await failuresOf(
      entryPoint,
      accounts,
      chain,
    )) {
      const result = await chain.reader.call({
        from: chain.bundler,
        to: entryPoint.address,
        data: entryPoint.encodeHandleOps([op], beneficiary ?? chain.bundler),
        ...(gas === undefined ? {} : { gas }),
      })
      if (result.ok) throw new Error(`${entryPoint.version}: ${name} did not revert`)
      vectors.push({ name, version: entryPoint.version, aaCode, data: result.data })
    }
  }
  return vectors
}

async function write(file: string, vectors: unknown) {
  const json = JSON.stringify(
    vectors,
    (_, value) => (typeof value === 'bigint' ? numberToHex(value) : value),
    2,
  )
  await writeFile(new URL(file, vectorsFolder), `${json}\n`)
}

const chain = await startTestChain()
try {
  await write('userOpHash.json', await recordHashes(chain))
  await write('entryPointReverts.json', await recordReverts(chain))
} finally {
  await chain.stop()
}
