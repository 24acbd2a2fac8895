import { fabstirAccountAbi, sponsorPaymasterAbi } from '@fabstir/contracts/abi'
import { entryPointAdapters, type UserOperation } from '@fabstir/erc4337'
import {
  type Abi,
  type Address,
  concatHex,
  encodeFunctionData,
  type Hex,
  pad,
  parseAbi,
  parseEther,
  parseEventLogs,
  parseUnits,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { entryPoint08Abi, entryPoint08Address } from 'viem/account-abstraction'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Call, type GasAccount, gasAccounts, measuredFrom } from '../gas/gasAccount.ts'
import { type Arena, because, decodeData, functionsOf, openArena } from './arena.ts'

const tenth = parseEther('0.1')
const usd = (dollars: string) => parseUnits(dollars, 6)
const entryPoint = { address: entryPoint08Address, abi: entryPoint08Abi as Abi }

let arena: Arena
let accounts: ReturnType<typeof gasAccounts>
let wallet: GasAccount
let account: { address: Address; abi: Abi }
let paymaster: Address
let bundler: Address
let renter: Address
let victim: Address
let stranger: Address
beforeAll(async () => {
  arena = await openArena()
  accounts = gasAccounts(arena)
  bundler = arena.of('anyone')
  renter = arena.of('renter')
  stranger = await arena.actor('stranger')
  victim = await arena.actor('victim')
  paymaster = arena.book.deployments[0]?.sponsorPaymaster ?? zeroAddress
  await arena.testClient.setNextBlockTimestamp({ timestamp: BigInt(measuredFrom) })
  await accounts.fundSponsor()
  wallet = await accounts.create('wallet')
  account = { address: wallet.address, abi: fabstirAccountAbi as Abi }
  await arena.give.fab(wallet.address, '1000')
  await arena.give.usdc(wallet.address, '1000')
  await arena.give.usdc(victim, '1000')
  await arena.approve(victim, 'usdc', wallet.address)
  await byOwner(
    call('fab', 'approve', [arena.book.registry, parseEther('1000')]),
    call(account, 'registerNodeViaAccount', ['gpu:a']),
    call(account, 'addSessionKey', [wallet.key.address, measuredFrom + 86_400]),
  )
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const call = (
  target: Parameters<Arena['encode']>[0],
  name: string,
  args: readonly unknown[],
): Call => ({
  to: arena.addressOf(target),
  data: arena.encode(target, name, args),
})
const byOwner = async (...calls: Call[]) =>
  accounts.include(await accounts.operation(wallet, calls, { signer: 'owner' }))
const byKey = (...calls: Call[]) => accounts.operation(wallet, calls)
const adapter = () => {
  const found = entryPointAdapters.find(({ address }) => address === entryPoint08Address)
  if (!found) throw new Error('no adapter')
  return found
}
/** Has the bundle refused; answers the EntryPoint's code and the error under it. */
const refusedOps = async (...ops: UserOperation[]) => {
  const data = adapter().encodeHandleOps(ops, bundler)
  const refusal = await arena.refusedRaw(bundler, entryPoint08Address, data)
  const [, reason, inner] = (refusal?.args ?? []) as [bigint, string, Hex?]
  return { reason, inner: inner === undefined ? undefined : decodeData(inner) }
}
/** The owner or the key signs what was changed after the sponsor had signed. */
const signedAgain = async (op: UserOperation, by: 'owner' | 'key' = 'key') => {
  const hash = adapter().hash(op, arena.book.chainId)
  return { ...op, signature: concatHex(['0x00', await wallet[by].sign({ hash })]) }
}
const depositOf = (holder: Address) => arena.read<bigint>(entryPoint, 'balanceOf', [holder])
const untouched = async (attack: () => Promise<void>) => {
  const money = async () => ({
    ether: await arena.publicClient.getBalance({ address: wallet.address }),
    deposit: await depositOf(wallet.address),
    sponsor: await depositOf(paymaster),
    key: await arena.read(account, 'getSessionKey', [wallet.key.address]),
  })
  const before = await money()
  await arena.harmless([wallet.address, victim, renter, stranger], attack)
  expect(await money()).toEqual(before)
}
const refused = (by: Address, name: string, args: readonly unknown[], value?: bigint) =>
  arena.refused(by, account, name, args, value)
const theft = () => ({
  target: arena.book.usdc,
  value: 0n,
  data: encodeFunctionData({
    abi: parseAbi(['function transferFrom(address, address, uint256)']),
    args: [victim, stranger, usd('1000')],
  }),
})
const policy = (changes: object = {}) => ({
  key: wallet.key.address,
  validAfter: 0,
  validUntil: measuredFrom + 86_400,
  uses: 2,
  calls: [
    { target: arena.book.marketplace, selector: selectors.createJob },
    { target: arena.book.usdc, selector: selectors.transfer },
  ],
  limits: [
    { token: zeroAddress, perCall: tenth, total: tenth },
    { token: arena.book.usdc, perCall: usd('10'), total: usd('15') },
  ],
  pins: [
    {
      target: arena.book.usdc,
      selector: selectors.transfer,
      index: 0,
      allowed: [pad(renter)],
    },
  ],
  payers: [paymaster],
  maxGasCost: 0n,
  ...changes,
})
const selectors = {
  createJob: toFunctionSelector('createJob(string,bytes32,uint256,uint256)'),
  transfer: toFunctionSelector('transfer(address,uint256)'),
}
const transfer = (to: Address, dollars: string) => call('usdc', 'transfer', [to, usd(dollars)])

describe('X-50 the account is one of ERC-4337, and works for itself', () => {
  test(
    'validateUserOp and executeUserOp are the EntryPoint’s alone',
    apart(async () => {
      const names = fabstirAccountAbi.flatMap((item) => ('name' in item ? [item.name] : []))
      expect(names).toContain('validateUserOp')
      expect(names).not.toContain('handleOp')
      const packed = {
        ...{ sender: wallet.address, nonce: 0n, initCode: '0x', callData: '0x' },
        ...{ accountGasLimits: pad('0x'), preVerificationGas: 0n, gasFees: pad('0x') },
        ...{ paymasterAndData: '0x', signature: '0x' },
      }
      await untouched(async () => {
        for (const attacker of [stranger, bundler, await arena.become(wallet.owner.address)]) {
          expect(await refused(attacker, 'validateUserOp', [packed, pad('0x'), 0n])).toEqual(
            because('AccountUnauthorized', attacker),
          )
          expect(await refused(attacker, 'executeUserOp', [packed, pad('0x')])).toEqual(
            because('AccountUnauthorized', attacker),
          )
        }
      })
    }),
  )

  test(
    'whoever bundles an operation, the marketplace sees the account',
    apart(async () => {
      const id = await arena.job(renter, tenth)
      await accounts.include(await byKey(call('marketplace', 'claimJob', [id])))
      const job = await arena.read<{ host: Address }>('marketplace', 'getJob', [id])
      expect(job.host).toBe(wallet.address)
      // A wrong key, and a bundler that names the account of another as its own.
      const op = await byKey(call('marketplace', 'claimJob', [id]))
      const other = await accounts.create('other')
      await untouched(async () => {
        const signature = concatHex(['0x00', await other.key.sign({ hash: pad('0x01') })])
        expect((await refusedOps({ ...op, signature })).reason).toBe('AA24 signature error')
        expect(await refusedOps({ ...op, sender: other.address })).toEqual({
          reason: 'AA23 reverted',
          inner: because('SessionKeyNotActive', wallet.key.address),
        })
        expect(await refused(stranger, 'claimJobViaSessionKey', [wallet.address, id])).toEqual(
          because('SessionKeyNotActive', stranger),
        )
        expect(await refused(stranger, 'claimJobViaSessionKey', [other.address, id])).toEqual(
          because('WalletMismatch', other.address),
        )
      })
    }),
  )
})

describe('X-51 the sponsor really pays', () => {
  test(
    'the cost leaves its deposit to the wei and reaches the bundler; the account pays nothing',
    apart(async () => {
      const before = {
        sponsor: await depositOf(paymaster),
        wallet: await arena.publicClient.getBalance({ address: wallet.address }),
        bundler: await arena.publicClient.getBalance({ address: bundler }),
      }
      const id = await arena.job(renter, tenth)
      const op = await byKey(call('marketplace', 'claimJob', [id]))
      const receipt = await accounts.include(op)
      const [event] = parseEventLogs({
        abi: entryPoint08Abi,
        eventName: 'UserOperationEvent',
        logs: receipt.logs,
      })
      const cost = event?.args.actualGasCost ?? 0n
      expect(cost).toBeGreaterThan(0n)
      expect(event?.args.paymaster).toBe(paymaster)
      expect(await depositOf(paymaster)).toBe(before.sponsor - cost)
      expect(await depositOf(wallet.address)).toBe(0n)
      expect(await arena.publicClient.getBalance({ address: wallet.address })).toBe(before.wallet)
      expect(await arena.publicClient.getBalance({ address: bundler })).toBe(
        before.bundler + cost - receipt.gasUsed * receipt.effectiveGasPrice,
      )
    }),
  )

  test(
    'without the sponsor’s signature nobody pays',
    apart(async () => {
      const op = await byKey(call('marketplace', 'claimJob', [1n]))
      await untouched(async () => {
        const data = op.paymasterData ?? '0x'
        const forged = concatHex([`0x${data.slice(2, -130)}`, `0x${'11'.repeat(65)}`])
        const unsigned = await signedAgain({ ...op, paymasterData: forged })
        expect((await refusedOps(unsigned)).reason).toBe('AA34 signature error')
        const empty = await signedAgain({ ...op, paymasterData: '0x' })
        expect(await refusedOps(empty)).toEqual({
          reason: 'AA33 reverted',
          inner: because('SponsorPaymasterDataLength', 0n),
        })
      })
    }),
  )
})

describe('X-52 the account relays for nobody', () => {
  test(
    'an approval given to it is nobody else’s, and it keeps no overpaid ETH of a stranger',
    apart(() =>
      untouched(async () => {
        for (const attacker of [stranger, renter, victim]) {
          expect(await refused(attacker, 'executeBatch', [[theft()]])).toEqual(
            because('AccountUnauthorized', attacker),
          )
          expect(await refused(attacker, 'executeBatch', [[]], tenth)).toEqual(
            because('AccountUnauthorized', attacker),
          )
          const mode = `0x01${'00'.repeat(31)}`
          expect(await refused(attacker, 'execute', [mode, '0x'])).toEqual(
            because('AccountUnauthorized', attacker),
          )
        }
        expect(await refusedOps(await byKey({ to: theft().target, data: theft().data }))).toEqual({
          reason: 'AA23 reverted',
          inner: because(
            'SessionCallNotAllowed',
            wallet.key.address,
            arena.book.usdc,
            toFunctionSelector('transferFrom(address,address,uint256)'),
          ),
        })
      }),
    ),
  )
})

describe('X-53 a session key has a scope, a limit and an end', () => {
  test(
    'no expiry beyond the bounds, and no grant but by the account',
    apart(async () => {
      const owner = await arena.become(wallet.owner.address)
      const forever = 2 ** 48 - 1
      const now = Number(await arena.now())
      await untouched(async () => {
        for (const expiry of [forever, now + 31 * 86_400]) {
          const refusal = await refused(owner, 'addSessionKey', [stranger, expiry])
          expect(refusal?.name).toBe('SessionPolicyInvalid')
          expect(refusal?.args.slice(0, 2)).toEqual(['validUntil', BigInt(expiry)])
        }
        for (const [field, changes] of [
          ['validUntil', { validUntil: forever }],
          ['validUntil', { validUntil: now + 366 * 86_400 }],
          ['uses', { uses: 0 }],
        ] as const) {
          const refusal = await refused(owner, 'addSessionKeyWithPolicy', [policy(changes)])
          expect(refusal?.name, field).toBe('SessionPolicyInvalid')
          expect(refusal?.args[0]).toBe(field)
        }
        for (const attacker of [stranger, wallet.key.address]) {
          await arena.become(attacker)
          expect(await refused(attacker, 'addSessionKey', [attacker, now + 3_600])).toEqual(
            because('AccountUnauthorized', attacker),
          )
          expect(await refused(attacker, 'setOwner', [attacker])).toEqual(
            because('AccountUnauthorized', attacker),
          )
        }
      })
    }),
  )

  test(
    'calls, recipients, amounts, uses and payers are those of the policy',
    apart(async () => {
      await byOwner(call(account, 'addSessionKeyWithPolicy', [policy()]))
      const key = wallet.key.address
      const { usdc, marketplace } = arena.book
      await untouched(async () => {
        expect((await refusedOps(await byKey(transfer(renter, '11')))).inner).toEqual(
          because('SessionSpendLimitExceeded', key, usdc, usd('11'), usd('10')),
        )
        const twice = [transfer(renter, '10'), transfer(renter, '10')]
        expect((await refusedOps(await byKey(...twice))).inner).toEqual(
          because('SessionSpendLimitExceeded', key, usdc, usd('10'), usd('5')),
        )
        expect((await refusedOps(await byKey(transfer(stranger, '1')))).inner).toEqual(
          because(
            'SessionArgumentNotAllowed',
            key,
            usdc,
            selectors.transfer,
            0n,
            pad(stranger).toLowerCase(),
          ),
        )
        const claim = toFunctionSelector('claimJob(uint256)')
        expect(
          (await refusedOps(await byKey(call('marketplace', 'claimJob', [1n])))).inner,
        ).toEqual(because('SessionCallNotAllowed', key, marketplace, claim))
        const own = await accounts.operation(wallet, [transfer(renter, '1')], { payer: 'self' })
        expect((await refusedOps(own)).inner).toEqual(
          because('SessionPayerNotAllowed', key, zeroAddress),
        )
        const grant = call(account, 'addSessionKeyWithPolicy', [policy({ uses: 1_000 })])
        expect((await refusedOps(await byKey(grant))).inner?.name).toBe('SessionCallNotAllowed')
      })
      await accounts.include(await byKey(transfer(renter, '10')))
      await accounts.include(await byKey(transfer(renter, '5')))
      await untouched(async () => {
        expect((await refusedOps(await byKey(transfer(renter, '1')))).inner).toEqual(
          because('SessionUsesExhausted', key),
        )
      })
      expect(await arena.read('usdc', 'balanceOf', [renter])).toBe(usd('15'))
    }),
  )

  test(
    'a revoked key and one whose time is over do nothing',
    apart(async () => {
      const id = await arena.job(renter, tenth)
      const op = await byKey(call('marketplace', 'claimJob', [id]))
      const before = await arena.testClient.snapshot()
      await byOwner(call(account, 'revokeSessionKey', [wallet.key.address]))
      await untouched(async () => {
        expect((await refusedOps(op)).inner).toEqual(
          because('SessionKeyNotActive', wallet.key.address),
        )
      })
      await arena.testClient.revert({ id: before })
      await arena.wait(86_400)
      await untouched(async () => {
        expect((await refusedOps(op)).reason).toBe('AA22 expired or not due')
      })
    }),
  )
})

describe('X-54 sponsorship is a budget that is spent once', () => {
  test(
    'no replay, no other operation, no higher gas on the same signature, and no empty deposit',
    apart(async () => {
      const id = await arena.job(renter, tenth)
      const op = await byKey(call('marketplace', 'claimJob', [id]))
      const raised = [
        { paymasterPostOpGasLimit: 100_000n },
        { paymasterVerificationGasLimit: 500_000n },
        { callGasLimit: 3_000_000n },
        { maxFeePerGas: op.maxFeePerGas * 10n },
        { preVerificationGas: op.preVerificationGas * 10n },
      ]
      await untouched(async () => {
        for (const changes of raised) {
          const changed = await signedAgain({ ...op, ...changes })
          expect((await refusedOps(changed)).reason, Object.keys(changes)[0]).toBe(
            'AA34 signature error',
          )
        }
        const other = await byKey(call('marketplace', 'claimJob', [id + 1n]))
        const borrowed = await signedAgain({ ...other, paymasterData: op.paymasterData ?? '0x' })
        expect((await refusedOps(borrowed)).reason).toBe('AA34 signature error')
        expect((await refusedOps(op, op)).reason).toBe('AA25 invalid account nonce')
      })
      await accounts.include(op)
      await untouched(async () => {
        expect((await refusedOps(op)).reason).toBe('AA25 invalid account nonce')
      })
      const next = await byKey(call('marketplace', 'claimJob', [id + 1n]))
      const sponsor = { address: paymaster, abi: sponsorPaymasterAbi as Abi }
      await untouched(async () => {
        expect(await arena.refused(stranger, sponsor, 'withdraw', [1n])).toEqual(
          because('SponsorPaymasterNotOperator', stranger),
        )
      })
      await arena.send(arena.of('operator'), sponsor, 'withdraw', [await depositOf(paymaster)])
      await untouched(async () => {
        expect((await refusedOps(next)).reason).toBe('AA31 paymaster deposit too low')
      })
    }),
  )

  test(
    'the vault refills no more than a day’s budget, by a keeper alone',
    apart(async () => {
      await arena.govern('topUpVault', 'setPaymaster', [paymaster, parseEther('11')])
      await arena.govern('topUpVault', 'setKeeper', [renter, true])
      const topUp = (by: Address, amount: string) =>
        arena.refused(by, 'topUpVault', 'topUp', [paymaster, parseEther(amount)])
      await untouched(async () => {
        expect(await topUp(stranger, '1')).toEqual(because('TopUpVaultNotKeeper', stranger))
        expect(await topUp(renter, '12')).toEqual(
          because('TopUpVaultCapExceeded', paymaster, parseEther('12'), parseEther('11')),
        )
        expect((await topUp(renter, '2'))?.name).toBe('TopUpVaultDepositTooHigh')
      })
      expect(functionsOf('topUpVault')).not.toContain('sponsor')
    }),
  )
})
