import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { entryPointAdapters } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, numberToHex, parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getNextNonce } from '../../bundler/src/chain/entryPointState.ts'
import type { CallParameters, ChainReader } from '../../bundler/src/chain/reader.ts'
import { createFeeOracle } from '../../bundler/src/fees/feeOracle.ts'
import {
  MAX_SIMULATED_BYTES,
  MAX_SIMULATED_OPERATIONS,
  simulateTogether,
} from '../../bundler/src/simulation/simulateTogether.ts'
import { simulateValidation } from '../../bundler/src/simulation/simulateValidation.ts'
import { simulationOf } from '../../bundler/src/simulation/simulations.ts'
import { defaultValidationLimits } from '../../bundler/src/validation/limits.ts'
import { createValidator } from '../../bundler/src/validation/validate.ts'
import { deployedAccount } from '../fixtures/estimating.ts'
import { paymasterCode, revertWithDeadbeef, writeSlots } from '../fixtures/paymasterCode.ts'
import { pooled } from '../fixtures/pooled.ts'
import type { SimpleAccounts, TestAccount } from '../fixtures/simpleAccounts.ts'
import { deploySimpleAccounts } from '../fixtures/simpleAccounts.ts'
import type { TestChain } from '../fixtures/testChain.ts'
import { startTestChain } from '../fixtures/testChain.ts'

let chain: TestChain
let accounts: SimpleAccounts

/** Returns, or reverts with, this many bytes of zeros. */
const bomb = (bytes: number, opcode: '0xf3' | '0xfd'): Hex =>
  concat(['0x63', numberToHex(bytes, { size: 4 }), '0x6000', opcode])
/** Reverts with `Error(string)` of 16,384 bytes. */
const longReason: Hex = ('0x6308c379a060e01b6000526020600452614000602452614044' + '6000fd') as Hex
/** `JUMPDEST PUSH1 0 JUMP`. */
const endless: Hex = '0x5b600056'
/** Passes with a context of this many bytes. */
const context = (bytes: number): Hex =>
  concat([
    '0x604060005261',
    numberToHex(bytes, { size: 2 }),
    '0x60405261',
    numberToHex(bytes + 96, { size: 2 }),
    '0x6000f3',
  ])
/** What only one operation may find: writes slot 0, and reverts when it is written already. */
const firstOnly: Hex = '0x6000546015576001600055604060005260606000f35b60006000fd'

const paymasters = {
  plain: paymasterCode(),
  withPostOp: paymasterCode({ postOp: writeSlots(3) }),
  rejecting: revertWithDeadbeef,
  wrongSignature: paymasterCode({ validationData: 1n }),
  expired: paymasterCode({ validationData: 3600n << 160n }),
  silent: '0x60006000fd',
  short: '0x60206000f3',
  endless,
  longReason,
  context: context(3_200),
  longContext: context(8_192),
  returnsMuch: bomb(200_000, '0xf3'),
  revertsWithMuch: bomb(200_000, '0xfd'),
  returnsTooMuch: bomb(1_400_000, '0xf3'),
  firstOnly,
} as const satisfies Record<string, Hex>
type Paymaster = keyof typeof paymasters

const paymasterAt = (name: Paymaster): Address =>
  numberToHex(0xb100 + Object.keys(paymasters).indexOf(name), { size: 20 })

beforeAll(async () => {
  chain = await startTestChain()
  accounts = await deploySimpleAccounts(chain)
  for (const name of Object.keys(paymasters) as Paymaster[]) {
    const address = paymasterAt(name)
    await chain.client.setCode({ address, bytecode: paymasters[name] })
    for (const entryPoint of entryPointAdapters) {
      await chain.deposit(entryPoint, address, parseEther('1'))
    }
  }
})

afterAll(() => chain?.stop())

type Fields = Parameters<typeof pooled>[2]

async function operation({ version }: EntryPointAdapter, fields: Fields = {}, code?: Hex) {
  const account = await accounts.counterfactual(version)
  if (code) await chain.client.setCode({ address: account.address, bytecode: code })
  return (await pooled(account, chain.chainId, code ? { deploy: false, ...fields } : fields)).op
}

function sponsored(entryPoint: EntryPointAdapter, name: Paymaster, limit = 300_000n) {
  const limits = entryPoint.supports.paymasterGasLimits
    ? { paymasterVerificationGasLimit: limit, paymasterPostOpGasLimit: 20_000n }
    : { verificationGasLimit: limit + 300_000n }
  return operation(entryPoint, { paymaster: paymasterAt(name), paymasterData: '0x1234', ...limits })
}

/** The calls that go through, by whether they are of the driver. */
function counted(reader: ChainReader) {
  const calls: CallParameters[] = []
  const bodies: number[] = []
  const counting: ChainReader = {
    ...reader,
    call: (parameters) => {
      calls.push(parameters)
      return reader.call(parameters)
    },
    batch: (requests) => {
      bodies.push(requests.length)
      return reader.batch(requests)
    },
  }
  return { calls, bodies, reader: counting }
}

function validatorOver(reader: ChainReader) {
  const { gasPrice } = createFeeOracle({ reader: chain.reader })
  const { chainId } = chain
  const limits = defaultValidationLimits
  return createValidator({ reader, chainId, gasPrice, limits, now: Date.now })
}

/** An operation of an account that exists. */
async function deployed({ version }: EntryPointAdapter): Promise<UserOperation> {
  const account = await deployedAccount(chain, accounts, version)
  const op = { deploy: false, nonce: await nextNonce(account) }
  return (await pooled(account, chain.chainId, op)).op
}

function nextNonce({ entryPoint, address }: TestAccount): Promise<bigint> {
  return getNextNonce(chain.reader, entryPoint.address, { sender: address, nonce: 0n })
}

describe.each(entryPointAdapters)('EntryPoint $version', (entryPoint) => {
  const alone = (op: UserOperation) => simulateValidation(op, entryPoint, chain.reader)

  /** What one call decides of operations, as each of them alone is decoded. */
  async function together(ops: readonly UserOperation[]) {
    const results = await simulateTogether(ops, entryPoint, chain.reader)
    return ops.map((op) => {
      const result = results.get(op)
      return result && simulationOf(entryPoint).decodeSimulateValidation(result, entryPoint)
    })
  }

  test('one call says of every operation what a call of its own says, to the gas', async () => {
    const poor = await accounts.counterfactual(entryPoint.version, 0n)
    const ordinary = await operation(entryPoint)
    const ops = [
      ordinary,
      await deployed(entryPoint),
      // Twice the same, once with another nonce key, and two that write the same slot.
      { ...ordinary },
      await operation(entryPoint, { nonce: 5n << 64n }),
      await sponsored(entryPoint, 'firstOnly'),
      await sponsored(entryPoint, 'firstOnly'),
      await sponsored(entryPoint, 'plain'),
      await sponsored(entryPoint, 'withPostOp'),
      await sponsored(entryPoint, 'wrongSignature'),
      await sponsored(entryPoint, 'expired'),
      await sponsored(entryPoint, 'rejecting'),
      await sponsored(entryPoint, 'endless'),
      await sponsored(entryPoint, 'plain', 1_000n),
      { ...(await operation(entryPoint)), signature: ordinary.signature },
      { ...(await operation(entryPoint)), signature: '0x1234' as const },
      { ...(await operation(entryPoint)), factoryData: ordinary.factoryData ?? '0x' },
      await operation(entryPoint, { nonce: 1n }),
      await operation(entryPoint, { deploy: false }),
      await operation(entryPoint, { verificationGasLimit: 60_000n }),
      await operation(entryPoint, { verificationGasLimit: 9_000n }, endless),
      await operation(entryPoint, {}, endless),
      await operation(entryPoint, {}, revertWithDeadbeef),
      await operation(entryPoint, {}, bomb(32, '0xf3')),
      (await pooled(poor, chain.chainId)).op,
    ]
    const outcomes = await together(ops)
    for (const [index, op] of ops.entries()) {
      expect(outcomes[index], `operation ${index}`).toEqual(await alone(op))
    }
    const passing = outcomes.filter((outcome) => outcome?.ok)
    expect(outcomes.slice(4, 6)).toMatchObject([{ ok: true }, { ok: true }])
    expect(passing.length).toBeGreaterThanOrEqual(10)
    expect(outcomes.length - passing.length).toBeGreaterThanOrEqual(11)
  })

  test('bombs are undecided or what they are alone, and leave the others as they are', async () => {
    const bombs = [
      await sponsored(entryPoint, 'silent'),
      await sponsored(entryPoint, 'short'),
      await sponsored(entryPoint, 'longReason'),
      await sponsored(entryPoint, 'longContext'),
      await sponsored(entryPoint, 'returnsMuch', 1_000_000n),
      await sponsored(entryPoint, 'revertsWithMuch', 1_000_000n),
      await sponsored(entryPoint, 'returnsTooMuch', 4_500_000n),
      await operation(entryPoint, {}, bomb(100_000, '0xf3')),
      await operation(entryPoint, {}, bomb(100_000, '0xfd')),
      await operation(entryPoint, {}, longReason),
      await operation(entryPoint, { verificationGasLimit: 4_500_000n }, endless),
    ]
    const good = [await operation(entryPoint), await sponsored(entryPoint, 'withPostOp')]
    const outcomes = await together([...bombs, ...good])
    for (const [index, op] of [...bombs, ...good].entries()) {
      const outcome = outcomes[index]
      if (outcome || index >= bombs.length) {
        expect(outcome, `operation ${index}`).toEqual(await alone(op))
      }
    }
    // 8,192 bytes of context are not kept beside the outputs of others.
    expect(outcomes[3]).toBeUndefined()
    expect((await alone(bombs[3] ?? never())).ok).toBe(true)
    // Here these EntryPoints revert without a word, as one does that is out of gas.
    if (!entryPoint.supports.eip7702) expect(outcomes[1]).toBeUndefined()
  })

  test('as many and as large as they may be: all of them are decided', async () => {
    // The longest context that is kept, or nearly so.
    const ops = await Promise.all(
      Array.from({ length: MAX_SIMULATED_OPERATIONS }, async () => ({
        ...(await sponsored(entryPoint, 'context')),
        signature: numberToHex(1, { size: 65 }),
        callData: numberToHex(1, { size: MAX_SIMULATED_BYTES / MAX_SIMULATED_OPERATIONS - 1_500 }),
      })),
    )
    const outcomes = await together(ops)
    expect(outcomes).toEqual(await Promise.all(ops.map(alone)))
    expect(outcomes.every((outcome) => outcome !== undefined)).toBe(true)
  })

  test('whoever burns gas takes none of those that may use less, and is asked alone itself', async () => {
    const poisoned = await Promise.all(
      Array.from({ length: 6 }, () =>
        sponsored(
          entryPoint,
          'endless',
          entryPoint.supports.paymasterGasLimits ? 5_000_000n : 4_500_000n,
        ),
      ),
    )
    const good = await Promise.all(Array.from({ length: 8 }, () => operation(entryPoint)))
    // Less gas than the poisoned ones take together.
    const tightfisted: Pick<ChainReader, 'call'> = {
      call: (parameters) => chain.reader.call({ ...parameters, gas: 25_000_000n }),
    }
    const results = await simulateTogether([...poisoned, ...good], entryPoint, tightfisted)
    expect(good.map((op) => results.get(op) !== undefined)).toEqual(good.map(() => true))
    expect(poisoned.some((op) => results.get(op) === undefined)).toBe(true)

    const { reader, calls, bodies } = counted(chain.reader)
    const validator = validatorOver({
      ...reader,
      batch: (requests) =>
        reader.batch(requests.map((request) => withGas(request, '0x17d7840' /* 25,000,000 */))),
    })
    const validated = await Promise.allSettled(
      [...poisoned, ...good].map((op) => validator.validate(op, entryPoint)),
    )
    const statuses = validated.map(({ status }) => status)
    expect(statuses).toEqual([...poisoned.map(() => 'rejected'), ...good.map(() => 'fulfilled')])
    for (const outcome of validated.slice(0, poisoned.length)) {
      expect(outcome).toMatchObject({ reason: { data: { entity: 'paymaster', aaCode: 'AA33' } } })
    }
    expect(bodies).toHaveLength(1)
    expect(calls.length).toBeGreaterThan(0)
    expect(calls.length).toBeLessThanOrEqual(poisoned.length)
  })

  test('a call that fails as a whole: each operation is asked alone', async () => {
    const ops = await Promise.all(Array.from({ length: 3 }, () => operation(entryPoint)))
    const { reader, calls } = counted(chain.reader)
    const validator = validatorOver({
      ...reader,
      batch: (requests) => reader.batch(requests.map((request) => withGas(request, '0xc350'))),
    })
    const validated = await Promise.all(ops.map((op) => validator.validate(op, entryPoint)))
    expect(validated.map(({ prefund }) => prefund)).toEqual(ops.map(entryPoint.requiredPrefund))
    expect(calls).toHaveLength(3)
  })
})

test('operations of four EntryPoints share a body; one with state of its own has its own', async () => {
  const { reader, calls, bodies } = counted(chain.reader)
  const validator = validatorOver(reader)
  const asked = await Promise.all(
    entryPointAdapters.flatMap((entryPoint) =>
      [0, 1, 2].map(async () => ({ entryPoint, op: await operation(entryPoint) })),
    ),
  )
  const results = await Promise.all(
    asked.map(({ op, entryPoint }) => validator.validate(op, entryPoint)),
  )
  expect(bodies).toEqual([entryPointAdapters.length + 1])
  expect(calls).toHaveLength(0)
  for (const [index, { op, entryPoint }] of asked.entries()) {
    expect(results[index]).toEqual(await validator.validate(op, entryPoint))
  }

  const [first, second] = asked
  if (!first || !second) throw new Error('there are twelve')
  const stateOverride = { [first.op.sender]: { balance: '0x0' as const } }
  bodies.length = 0
  const [poor, rich] = await Promise.allSettled([
    validator.validate(first.op, first.entryPoint, stateOverride),
    validator.validate(second.op, second.entryPoint),
  ])
  expect(poor).toMatchObject({ reason: { data: { aaCode: 'AA21' } } })
  expect(rich.status).toBe('fulfilled')
  expect(bodies).toEqual([2, 2])
})

/** The call of the driver with less gas than it asks for, as a node gives that has a lower cap. */
function withGas(request: { method: string; params: unknown[] }, gas: Hex) {
  const [transaction, ...rest] = request.params as [{ gas?: Hex }]
  if (request.method !== 'eth_call' || transaction.gas === undefined) return request
  return { ...request, params: [{ ...transaction, gas }, ...rest] }
}

function never(): never {
  throw new Error('there is one')
}
