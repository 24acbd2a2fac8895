import { sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import { deploySuccessor } from '@fabstir/contracts/deploy'
import type { Address, Hex } from 'viem'
import { concat, numberToHex, parseEther, size, slice } from 'viem'
import { entryPoint08Abi, entryPoint08Address, entryPoint09Address } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { devnetAccounts } from '../../../devnet/src/keys.ts'
import { localSigner } from '../../../paymaster-service/src/signing/signer.ts'
import {
  encodePaymasterData,
  sponsorshipHasher,
} from '../../../paymaster-service/src/signing/sponsoredOperation.ts'
import { rpc } from '../../fixtures/bundlerClient.ts'
import { receiptOf } from '../../fixtures/receiptOf.ts'
import { adapterOf, newAccount, signerKey } from '../paymasterFixture.ts'
import { include } from '../paymasterUsage.ts'
import type { AbuseStack } from './abuseStack.ts'
import { addPlainSponsor, keyOf, startAbuseStack } from './abuseStack.ts'
import type { Sponsored } from './asking.ts'
import {
  ask,
  attack,
  bundleByHand,
  notSigned,
  operationOf,
  signFinal,
  sponsor,
  withFields,
} from './asking.ts'
import { billOf, books } from './bill.ts'

/** One signature of the paymaster, shown in other places than it was made for. */
const shop = { app: 'shop' }
const adminKey = 'an-administrator-of-the-replay-test'
const newKey = generatePrivateKey()
const reverted = { chain: 'AA33', bundler: '-32501 AA33 reverted' }
let stack: AbuseStack

beforeAll(async () => {
  stack = await startAbuseStack(
    { shop: {} },
    { moreKeys: [newKey], options: { administrators: [{ name: 'ops', key: adminKey }] } },
  )
})
afterAll(() => stack?.close())

const paidBy = (sponsored: Sponsored, paymaster: Address): Sponsored => ({
  ...sponsored,
  op: { ...sponsored.op, paymaster },
})

/** Includes what was tried elsewhere where it belongs: it was refused for the place alone. */
async function expectPaidOnce(sponsored: Sponsored) {
  let actual = 0n
  const bill = await billOf(stack, 'shop', async () => {
    const final = await signFinal(sponsored)
    actual = (await include(stack, sponsored.entryPoint, final)).actualGasCost
  })
  expect(bill).toBe(actual)
}

test('P-06 a signature for one chain on another', async () => {
  const mine = await sponsor(stack, shop)
  const { account, op, entryPoint } = mine
  const other = foundry.id + 1
  const bill = await billOf(stack, 'shop', async () => {
    const params = [adapterOf(entryPoint).toRpc(op), entryPoint, numberToHex(other), null]
    const url = `${stack.service.url}/rpc?apikey=${keyOf('shop')}`
    expect(await rpc(url, 'pm_getPaymasterData', params)).toMatchObject({
      error: { code: -32_602, message: 'chainId: 31338 is not served, only 31337 is' },
    })
    // The same contracts at the same addresses, the same deposits and the same account.
    const fork = await stack.client.snapshot()
    await setChainId(other)
    const hash = adapterOf(entryPoint).hash(op, other)
    const signature = concat(['0x00', await account.owner.sign({ hash })])
    expect(await bundleByHand(stack, entryPoint, { ...op, signature })).toBe('AA34')
    await setChainId(foundry.id)
    await stack.client.revert({ id: fork })
  })
  expect(bill).toBe(0n)
  await expectPaidOnce(mine)
})

const setChainId = (id: number) =>
  stack.client.request<{ Method: 'anvil_setChainId'; Parameters: [number]; ReturnType: null }>({
    method: 'anvil_setChainId',
    params: [id],
  })

test('P-07 a signature for one EntryPoint on another', async () => {
  // An account of 0.9 that somebody asks for on 0.8: its code is known there as well.
  const first = await sponsor(stack, { ...shop, entryPoint: entryPoint09Address })
  await expectPaidOnce(first)
  const { account } = first
  const op = operationOf(stack, account, { nonce: 1n })
  const for08 = withFields(op, await ask(stack, op, shop))
  const on09 = { account, op: for08, entryPoint: entryPoint09Address }
  // The paymaster of 0.8 has nothing on 0.9; with something it asks who calls.
  expect((await attack(stack, on09)).chain).toBe('AA31')
  await depositOn09(stack.paymasterOf(entryPoint08Address))
  const bill = await billOf(stack, 'shop', async () => {
    const own = stack.paymasterOf(entryPoint09Address)
    expect(await attack(stack, paidBy(on09, own))).toEqual(notSigned)
    expect(await attack(stack, on09)).toEqual(reverted)
  })
  expect(bill).toBe(0n)
})

async function depositOn09(paymaster: Address) {
  const entryPoint = entryPoint09Address
  const hash = await stack.walletClient.writeContract({
    address: entryPoint,
    abi: entryPoint08Abi,
    functionName: 'depositTo',
    args: [paymaster],
    value: parseEther('1'),
  })
  await receiptOf(stack.client, hash)
  stack.payers.push({ entryPoint, paymaster })
}

test('P-08 a signature for one paymaster at another with the same signers', async () => {
  const entryPoint = entryPoint09Address
  const mine = await sponsor(stack, { ...shop, entryPoint })
  const plain = await addPlainSponsor(stack)
  const bill = await billOf(stack, 'shop', async () => {
    expect(await attack(stack, paidBy(mine, plain))).toEqual(notSigned)
  })
  expect(bill).toBe(0n)
  await expectPaidOnce(mine)
})

test('P-10 a signature, and the key, of before a rotation at the successor', async () => {
  const entryPoint = entryPoint08Address
  const before = await books(stack, 'shop')
  const mine = await sponsor(stack, shop)
  const first = stack.paymasterOf(entryPoint)
  const successor = await rotate(first)
  const { reserved } = await books(stack, 'shop')
  const bill = await billOf(stack, 'shop', async () => {
    expect(await attack(stack, paidBy(mine, successor))).toEqual(notSigned)
    // Whoever has the old key signs for the successor.
    expect(await attack(stack, await forged(mine, successor))).toEqual(notSigned)
  })
  expect(bill).toBe(0n)
  expect((await books(stack, 'shop')).reserved).toBe(reserved)

  // Asked again it is the successor that pays. Of the two signatures one is used, and one is billed.
  const again = withFields(mine.op, await ask(stack, mine.op, shop))
  expect(again.paymaster).toBe(successor)
  expect(size(again.paymasterData ?? '0x')).toBe(93)
  await expectPaidOnce(mine)
  const twice = await billOf(stack, 'shop', async () => {
    expect((await attack(stack, { ...mine, op: again })).chain).toBe('AA10')
  })
  expect(twice).toBe(0n)
  expect((await books(stack, 'shop')).reserved).toBe(before.reserved)
})

/** Deploys a successor in which the new key takes the place of the one that signs, and lets the service use it. */
async function rotate(paymaster: Address): Promise<Address> {
  const { publicClient, walletClient, client } = stack
  const successor = await deploySuccessor({
    ...{ publicClient, walletClient, paymaster },
    replace: privateKeyToAddress(signerKey),
    signer: privateKeyToAddress(newKey),
  })
  const hash = await walletClient.writeContract({
    account: devnetAccounts.sponsorOperator,
    address: paymaster,
    abi: sponsorPaymasterAbi,
    functionName: 'migrateTo',
    args: [successor, parseEther('2')],
  })
  await receiptOf(client, hash)
  stack.payers.push({ entryPoint: entryPoint08Address, paymaster: successor })
  const response = await fetch(`${stack.service.url}/admin/paymasters/rotate`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ entryPoint: entryPoint08Address, paymaster: successor }),
  })
  expect(response.status).toBe(200)
  return successor
}

/** The operation with a sponsorship for `paymaster` by the old key. */
async function forged(sponsored: Sponsored, paymaster: Address): Promise<Sponsored> {
  const { op, entryPoint } = sponsored
  const data: Hex = op.paymasterData ?? '0x'
  const terms = {
    policyHash: slice(data, 0, 16),
    validAfter: Number(slice(data, 16, 22)),
    validUntil: Number(slice(data, 22, 28)),
  }
  const hashOf = sponsorshipHasher({
    ...{ chainId: foundry.id, entryPoint, paymaster, op, delegate: undefined },
  })
  const signature = await localSigner(signerKey).sign(hashOf(terms))
  const paymasterData = encodePaymasterData({ ...terms, signature })
  return { ...sponsored, op: { ...op, paymaster, paymasterData } }
}

test('P-10 a new operation after a rotation is signed by the new key', async () => {
  await expectPaidOnce(
    await sponsor(stack, { ...shop, account: await newAccount(stack, entryPoint08Address) }),
  )
})
