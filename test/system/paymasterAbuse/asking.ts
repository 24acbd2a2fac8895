import type { UserOperation } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { BaseError, decodeErrorResult, isHex, numberToHex } from 'viem'
import { entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { foundry } from 'viem/chains'
import { expect } from 'vitest'
import type { RpcAnswer } from '../../fixtures/bundlerClient.ts'
import { rpc } from '../../fixtures/bundlerClient.ts'
import { receiptOf } from '../../fixtures/receiptOf.ts'
import type { TestAccount } from '../paymasterFixture.ts'
import { adapterOf, newAccount, newOperation, signed } from '../paymasterFixture.ts'
import type { AbuseStack } from './abuseStack.ts'
import { keyOf } from './abuseStack.ts'

export type Asked = {
  app: string
  /** A key of the app that the service has issued, instead of the configured one. */
  key?: string
  entryPoint?: Address
  method?: 'pm_getPaymasterStubData' | 'pm_getPaymasterData'
  context?: unknown
  /** Instead of the stack's. */
  service?: { url: string }
}

/** Asks for paymaster data, for an operation in any state. */
export function ask(stack: AbuseStack, op: UserOperation, asked: Asked): Promise<RpcAnswer> {
  const { app, entryPoint = entryPoint08Address, method = 'pm_getPaymasterData' } = asked
  const { url } = asked.service ?? stack.service
  const wire = adapterOf(entryPoint).toRpc(op)
  const params = [wire, entryPoint, numberToHex(foundry.id), asked.context ?? null]
  return rpc(`${url}/rpc?apikey=${asked.key ?? keyOf(app)}`, method, params)
}

/** An operation with what was answered. */
export function withFields(op: UserOperation, { result, error }: RpcAnswer): UserOperation {
  if (!result) throw new Error(`it was refused: ${JSON.stringify(error)}`)
  const fields = result as Record<string, Hex>
  return {
    ...op,
    paymaster: fields.paymaster ?? '0x',
    paymasterData: fields.paymasterData ?? '0x',
    ...(fields.paymasterSignature ? { paymasterSignature: fields.paymasterSignature } : {}),
    paymasterVerificationGasLimit: BigInt(fields.paymasterVerificationGasLimit ?? 0),
    paymasterPostOpGasLimit: BigInt(fields.paymasterPostOpGasLimit ?? 0),
  }
}

export type Sponsored = { account: TestAccount; op: UserOperation; entryPoint: Address }

/** An operation that deploys its account, unless one before it on the same nonce key has. */
export function operationOf(
  stack: AbuseStack,
  account: TestAccount,
  overrides: Partial<UserOperation> = {},
): UserOperation {
  const whole = newOperation(stack, account, overrides)
  const { factory: _, factoryData: __, ...later } = whole
  return BigInt.asUintN(64, whole.nonce) === 0n ? whole : later
}

/** An operation that the paymaster has signed and its account has not. */
export async function sponsor(
  stack: AbuseStack,
  asked: Asked & { account?: TestAccount; overrides?: Partial<UserOperation> },
): Promise<Sponsored> {
  const { entryPoint = entryPoint08Address, overrides } = asked
  const account = asked.account ?? (await newAccount(stack, entryPoint))
  const op = operationOf(stack, account, overrides)
  return { account, op: withFields(op, await ask(stack, op, asked)), entryPoint }
}

/** The same on EntryPoint 0.9 with the paymaster's signature outside of the hash. */
export async function sponsorInParallel(
  stack: AbuseStack,
  asked: Asked & { account?: TestAccount; overrides?: Partial<UserOperation> },
): Promise<Sponsored & { entryPoint: Address }> {
  const parallel = { ...asked, context: { parallelSigning: true } }
  const stub = await sponsor(stack, { ...parallel, method: 'pm_getPaymasterStubData' })
  return { ...stub, op: withFields(stub.op, await ask(stack, stub.op, parallel)) }
}

/** Signed by the account. */
export const signFinal = ({ account, op, entryPoint }: Sponsored) => signed(account, entryPoint, op)

/** What {@link attack} saw. */
export type Verdict = { chain: string; bundler: string }

/** What chain and bundler say of an operation that the paymaster has not signed like that. */
export const notSigned: Verdict = { chain: 'AA34', bundler: '-32507 AA34 signature error' }

/**
 * Signs as the account's owner, who is the attacker, and sends it both ways: to the bundler, and in a transaction
 * of the attacker's own, which no bundler's rules hold.
 */
export async function attack(stack: AbuseStack, { account, op, entryPoint }: Sponsored) {
  const final = await signFinal({ account, op, entryPoint })
  const { error } = await rpc(await stack.bundlerUrl(), 'eth_sendUserOperation', [
    adapterOf(entryPoint).toRpc(final),
    entryPoint,
  ])
  return {
    chain: await bundleByHand(stack, entryPoint, final),
    bundler: error ? `${error.code} ${error.message}` : 'taken',
  }
}

/** Mines `handleOps` with the operation, and says why the EntryPoint reverted. */
export async function bundleByHand(
  { client, walletClient }: AbuseStack,
  entryPoint: Address,
  op: UserOperation,
): Promise<string> {
  const { account } = walletClient
  const data = adapterOf(entryPoint).encodeHandleOps([op], account.address)
  const said = await client.call({ account, to: entryPoint, data }).then(() => 'taken', reasonOf)
  // Without the chain's id in advance: there is more than one in these tests.
  const hash = await walletClient.sendTransaction({
    ...{ to: entryPoint, data, gas: 3_000_000n, chain: null },
  })
  const { status } = await receiptOf(client, hash)
  expect(status).toBe(said === 'taken' ? 'success' : 'reverted')
  return said
}

/** The code of a `FailedOp`. */
function reasonOf(error: unknown): string {
  const found = error instanceof BaseError && error.walk((each) => dataOf(each) !== undefined)
  const data = dataOf(found)
  if (!data) return String(error)
  const { args } = decodeErrorResult({ abi: entryPoint08Abi, data })
  return /AA\d\d/.exec(String(args?.[1]))?.[0] ?? String(error)
}

function dataOf(error: unknown): Hex | undefined {
  if (typeof error !== 'object' || error === null || !('data' in error)) return undefined
  return isHex(error.data) ? error.data : undefined
}

/** Expects -32010 with the rule, and the numbers of the rule in the message. */
export function expectRefused(
  { result, error }: RpcAnswer,
  rule: string,
  numbers: RegExp,
  data: Record<string, unknown> = {},
) {
  expect({ result, error }).toMatchObject({
    result: undefined,
    error: { code: -32_010, data: { rule, ...data } },
  })
  expect(error?.message).toMatch(numbers)
  expect(error?.message).toContain(rule)
}
