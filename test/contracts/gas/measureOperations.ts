import {
  fabstirAccountAbi,
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  testUsdcAbi,
} from '@fabstir/contracts/abi'
import {
  type Address,
  encodeFunctionData,
  type Hash,
  type Hex,
  parseEther,
  parseUnits,
  zeroAddress,
  zeroHash,
} from 'viem'
import { type Call, type GasAccount, gasAccounts, measuredFrom } from './gasAccount.ts'
import { gasCalls, grantData, recipientPin, selectorOf } from './gasCalls.ts'
import type { GasChain, OnMeasured } from './gasChain.ts'
import { validationGas } from './validationGas.ts'

/** Gas of whole bundles and of validation frames, by operation; every operation runs through the EntryPoint. */
export async function measureOperations(
  chain: GasChain,
  onMeasured: OnMeasured = () => {},
): Promise<Record<string, number>> {
  const { book, publicClient, testClient, wallets } = chain
  const { marketplace, registry, fab, usdc } = book
  const accounts = gasAccounts(chain)
  await testClient.setNextBlockTimestamp({ timestamp: BigInt(measuredFrom) })
  const gas: Record<string, number> = {}
  await accounts.fundSponsor()
  const { market, approve, policy } = gasCalls(chain)
  const record = (operation: string, { used, hash }: { used: number; hash: Hash }) => {
    gas[operation] = used
    onMeasured(operation, hash)
  }
  const run = async (...args: Parameters<typeof accounts.operation>) => {
    const receipt = await accounts.include(await accounts.operation(...args))
    return { used: Number(receipt.gasUsed), hash: receipt.transactionHash }
  }

  // Hosts: accounts that own a stake, their session keys may checkpoint and open or close the node.
  const hosts: GasAccount[] = []
  for (let i = 0; i < 10; i++) hosts.push(await accounts.create(`host ${i}`))
  const [host] = hosts
  const renter = await accounts.create('renter')
  if (!host) throw new RangeError('no host')
  const hostCalls = ['submitCheckpoint', 'settleSession', 'settleSessionWithVoucher'].map(
    (name) => ({ target: marketplace, selector: selectorOf(name) }),
  )
  const accepting = { target: registry, selector: selectorOf('setAccepting') }
  for (const one of hosts) {
    await wallets.deployer.writeContract({
      address: fab,
      abi: fabTokenAbi,
      functionName: 'transfer',
      args: [one.address, parseEther('1000')],
    })
    const register: Call = {
      to: registry,
      data: encodeFunctionData({
        abi: nodeRegistryAbi,
        functionName: 'registerNode',
        args: ['gpu:rtx4090,models:llama-70b,region:us-west'],
      }),
    }
    const grant: Call = {
      to: one.address,
      data: grantData(policy(one, [...hostCalls, accepting], [])),
    }
    await run(one, [approve(fab, registry, parseEther('1000')), register, grant], {
      signer: 'owner',
    })
  }

  // Grants. Each in a slot of its own: a grant to another key.
  const spare = (index: number): Address => `0x${'00'.repeat(18)}c0f${index}` as Address
  const addDefault = (key: Address) =>
    encodeFunctionData({
      abi: fabstirAccountAbi,
      functionName: 'addSessionKey',
      args: [key, measuredFrom + 86_400],
    })
  const spend = (key: Address) =>
    grantData(
      policy(
        renter,
        [{ target: marketplace, selector: selectorOf('createSession') }],
        [{ token: zeroAddress, perCall: parseEther('1'), total: parseEther('10') }],
        { key },
      ),
    )
  await publicClient.request({
    method: 'hardhat_setBalance',
    params: [renter.owner.address, `0x${parseEther('10').toString(16)}`],
  } as never)
  const byOwner = async (data: Hex) => {
    const { maxFeePerGas = 0n } = await publicClient.estimateFeesPerGas()
    const serialized = await renter.owner.signTransaction({
      type: 'eip1559',
      chainId: book.chainId,
      nonce: await publicClient.getTransactionCount({ address: renter.owner.address }),
      to: renter.address,
      data,
      gas: 500_000n,
      maxFeePerGas,
      maxPriorityFeePerGas: 1n,
    })
    const hash = await publicClient.sendRawTransaction({ serializedTransaction: serialized })
    const receipt = await publicClient.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`)
    return { used: Number(receipt.gasUsed), hash }
  }
  record('grant default, direct', await byOwner(addDefault(spare(1))))
  // The owner's first operation pays for its nonce.
  await run(renter, [{ to: renter.address, data: addDefault(spare(2)) }], { signer: 'owner' })
  const ownerOp = await run(renter, [{ to: renter.address, data: addDefault(spare(3)) }], {
    signer: 'owner',
  })
  record('grant default, as an op', ownerOp)
  gas['validation, owner EOA'] = await validationGas(publicClient, ownerOp.hash)
  record('grant 1 target and 1 limit, direct', await byOwner(spend(spare(4))))
  const granting: Call[] = [{ to: renter.address, data: spend(spare(5)) }]
  record('grant 1 target and 1 limit, as an op', await run(renter, granting, { signer: 'owner' }))

  // The first operation that an account pays for leaves a deposit behind.
  const nothing: Call[] = [{ to: recipient, data: '0x' }]
  await run(renter, nothing, { signer: 'owner', payer: 'self' })
  const selfPaid = await run(renter, nothing, { signer: 'owner', payer: 'self' })
  const sponsored = await run(renter, nothing, { signer: 'owner' })
  gas['sponsored instead of self-paid'] = sponsored.used - selfPaid.used

  // The renter's session key: opens sessions, in ETH and in USDC.
  await wallets.deployer.writeContract({
    address: usdc,
    abi: testUsdcAbi,
    functionName: 'mint',
    args: [renter.address, parseUnits('1000', 6)],
  })
  const renterPolicy = policy(
    renter,
    [
      { target: marketplace, selector: selectorOf('createSession') },
      { target: marketplace, selector: selectorOf('completeSessionJob') },
      { target: usdc, selector: selectorOf('approve') },
    ],
    [
      { token: zeroAddress, perCall: parseEther('2'), total: parseEther('15') },
      { token: usdc, perCall: 10_000_000n, total: 500_000_000n },
    ],
  )
  await run(renter, [{ to: renter.address, data: grantData(renterPolicy) }], { signer: 'owner' })

  let sessions = await lastJobId(chain)
  const createCall = (token: Address, deposit: bigint, pricePer1000: bigint) =>
    market(
      'createSession',
      [
        {
          host: host.address,
          token,
          deposit,
          pricePer1000,
          maxDuration: 86_400n,
          proofInterval: 500n,
          coSigner: renter.key.address,
          model: zeroHash,
          proofMode: 0,
        },
      ],
      token === zeroAddress ? deposit : 0n,
    )
  const open = async () => {
    const done = await run(renter, [createCall(zeroAddress, parseEther('1'), parseEther('0.1'))])
    sessions += 1n
    return { ...done, id: sessions }
  }
  const voucher = async (jobId: bigint, cumulativeTokens: bigint) =>
    renter.key.signTypedData({
      domain: {
        name: 'FabstirJobMarketplace',
        version: '1',
        chainId: book.chainId,
        verifyingContract: marketplace,
      },
      types: {
        Checkpoint: [
          { name: 'jobId', type: 'uint256' },
          { name: 'cumulativeTokens', type: 'uint256' },
          { name: 'transcriptHash', type: 'bytes32' },
        ],
      },
      primaryType: 'Checkpoint',
      message: { jobId, cumulativeTokens, transcriptHash: zeroHash },
    })
  const checkpoint = async (id: bigint, tokens: bigint) =>
    run(host, [market('submitCheckpoint', [id, tokens, zeroHash, await voucher(id, tokens)])])

  // The first of each pays for slots that only a first one ever pays for.
  await open()
  const first = await open()
  record('createSession ETH, sponsored op', first)
  const usdcCalls = [
    approve(usdc, marketplace, parseUnits('5', 6)),
    createCall(usdc, parseUnits('5', 6), parseUnits('0.5', 6)),
  ]
  await run(renter, usdcCalls)
  const inUsdc = await run(renter, usdcCalls)
  sessions += 2n
  record('USDC approve + create, one sponsored op', inUsdc)
  gas['validation, session key, approve + create'] = await validationGas(publicClient, inUsdc.hash)

  await checkpoint(first.id, 500n)
  record('submitCheckpoint, sponsored op', await checkpoint(first.id, 1_000n))
  await run(host, [market('settleSession', [first.id])])

  // 50 prompts, 2,500 tokens: open, five checkpoints, settle; each step an operation.
  const session = await open()
  let total = session.used
  for (const tokens of [500n, 1_000n, 1_500n, 2_000n, 2_500n]) {
    total += (await checkpoint(session.id, tokens)).used
  }
  gas['session of 50 prompts, every step gasless'] =
    total + (await run(host, [market('settleSession', [session.id])])).used
  const byVoucher = await open()
  const last = market('settleSessionWithVoucher', [
    byVoucher.id,
    2_500n,
    zeroHash,
    await voucher(byVoucher.id, 2_500n),
  ])
  gas['session of 50 prompts, voucher only, gasless'] =
    byVoucher.used + (await run(host, [last])).used

  // Ten operations of ten accounts in one bundle: a call without money.
  const setAccepting = (value: boolean): Call => ({
    to: registry,
    data: encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'setAccepting',
      args: [value],
    }),
  })
  const bundleOf = async (value: boolean) =>
    accounts.include(
      ...(await Promise.all(hosts.map((one) => accounts.operation(one, [setAccepting(value)])))),
    )
  await bundleOf(false)
  const bundle = await bundleOf(true)
  record('bundle of 10 sponsored session ops, per op', {
    used: Number(bundle.gasUsed) / hosts.length,
    hash: bundle.transactionHash,
  })
  const light = await run(host, [setAccepting(false)])
  gas['validation, session key, 1 call without money'] = await validationGas(
    publicClient,
    light.hash,
  )

  // A transfer within a limit, by another key with just that.
  const mover = await accounts.create('mover')
  await wallets.deployer.writeContract({
    address: usdc,
    abi: testUsdcAbi,
    functionName: 'mint',
    args: [mover.address, parseUnits('100', 6)],
  })
  const pinned = policy(
    mover,
    [{ target: usdc, selector: selectorOf('transfer') }],
    [{ token: usdc, perCall: 10_000_000n, total: 50_000_000n }],
    { pins: [recipientPin(usdc, recipient)] },
  )
  await run(mover, [{ to: mover.address, data: grantData(pinned) }], { signer: 'owner' })
  const transfer: Call = {
    to: usdc,
    data: encodeFunctionData({
      abi: testUsdcAbi,
      functionName: 'transfer',
      args: [recipient, 1_000_000n],
    }),
  }
  await run(mover, [transfer])
  const moved = await run(mover, [transfer])
  gas['validation, session key, 1 token transfer'] = await validationGas(publicClient, moved.hash)
  return gas
}

const recipient: Address = '0x00000000000000000000000000000000000000aa'

/** Ids are shared by jobs and sessions and start at 1: the first that does not exist, less one. */
async function lastJobId({ book, publicClient }: GasChain): Promise<bigint> {
  const events = await publicClient.getContractEvents({
    address: book.marketplace,
    abi: jobMarketplaceAbi,
    eventName: 'SessionJobCreated',
    fromBlock: 0n,
    strict: true,
  })
  return events.at(-1)?.args.jobId ?? 0n
}
