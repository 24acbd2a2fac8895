import { fabTokenAbi, nodeRegistryAbi, testUsdcAbi } from '@fabstir/contracts/abi'
import { type Address, parseEther, parseUnits, zeroHash } from 'viem'
import { type Call, gasAccounts, measuredFrom } from './gasAccount.ts'
import { gasCalls, grantData, recipientPin, selectorOf } from './gasCalls.ts'
import type { GasChain } from './gasChain.ts'
import { passkey } from './passkey.ts'
import { validationGas } from './validationGas.ts'

const recipient: Address = '0x00000000000000000000000000000000000000aa'
const nothing: readonly Call[] = [{ to: recipient, data: '0x' }]

/** Gas of the validation frames of passkeys and of accounts that are delegated by EIP-7702. */
export async function measureKeys(chain: GasChain): Promise<Record<string, number>> {
  return {
    ...(await measurePasskeys(chain, '')),
    ...(await measureDelegates(chain)),
  }
}

/** The same passkeys on a chain without the precompile of P-256 (EIP-7951). */
export async function measurePasskeysWithoutPrecompile(
  chain: GasChain,
): Promise<Record<string, number>> {
  return measurePasskeys(chain, ', without the precompile')
}

async function measurePasskeys(chain: GasChain, suffix: string): Promise<Record<string, number>> {
  const accounts = gasAccounts(chain)
  await chain.testClient.setNextBlockTimestamp({ timestamp: BigInt(measuredFrom) })
  await accounts.fundSponsor()
  const gas: Record<string, number> = {}
  for (const kind of ['P-256', 'WebAuthn'] as const) {
    const owned = await accounts.create(kind, passkey(kind, kind))
    const operation = () => accounts.operation(owned, nothing, { signer: 'owner' })
    // The first one pays for the nonce.
    await accounts.include(await operation())
    const { transactionHash } = await accounts.include(await operation())
    gas[`validation, owner ${kind}${suffix}`] = await validationGas(
      chain.publicClient,
      transactionHash,
    )
  }
  return gas
}

async function measureDelegates(chain: GasChain): Promise<Record<string, number>> {
  const { book, publicClient, wallets } = chain
  const { deployer, host } = wallets
  const accounts = gasAccounts(chain)
  const { market, approve, usdc, policy } = gasCalls(chain)
  const gas: Record<string, number> = {}
  const validation = async (...args: Parameters<typeof accounts.operation>) => {
    const { transactionHash } = await accounts.include(await accounts.operation(...args))
    return validationGas(publicClient, transactionHash)
  }

  const funded = [host.account.address, parseEther('1000')] as const
  const fab = { address: book.fab, abi: fabTokenAbi } as const
  await deployer.writeContract({ ...fab, functionName: 'transfer', args: funded })
  const staked = [book.registry, parseEther('1000')] as const
  await host.writeContract({ ...fab, functionName: 'approve', args: staked })
  await host.writeContract({
    address: book.registry,
    abi: nodeRegistryAbi,
    functionName: 'registerNode',
    args: ['gpu:rtx4090,models:llama-70b,region:us-west'],
  })

  const renter = await accounts.delegate('delegate')
  await deployer.writeContract({
    address: book.usdc,
    abi: testUsdcAbi,
    functionName: 'mint',
    args: [renter.address, parseUnits('1000', 6)],
  })
  const granted = policy(
    renter,
    [
      { target: book.marketplace, selector: selectorOf('createSession') },
      { target: book.marketplace, selector: selectorOf('completeSessionJob') },
      { target: book.usdc, selector: selectorOf('approve') },
    ],
    [{ token: book.usdc, perCall: 10_000_000n, total: 500_000_000n }],
  )
  const grant: Call = { to: renter.address, data: grantData(granted) }
  await validation(renter, [grant], { signer: 'owner' })
  gas['validation, owner EOA, 7702 delegate'] = await validation(renter, nothing, {
    signer: 'owner',
  })

  const opening = [
    approve(book.usdc, book.marketplace, parseUnits('5', 6)),
    market('createSession', [
      {
        host: host.account.address,
        token: book.usdc,
        deposit: parseUnits('5', 6),
        pricePer1000: parseUnits('0.5', 6),
        maxDuration: 86_400n,
        proofInterval: 500n,
        coSigner: renter.key.address,
        model: zeroHash,
        proofMode: 0,
      },
    ]),
  ]
  await validation(renter, opening)
  gas['validation, session key, approve + create, 7702 delegate'] = await validation(
    renter,
    opening,
  )
  await validation(renter, [market('completeSessionJob', [1n])])
  gas['validation, session key, 1 call without money, 7702 delegate'] = await validation(renter, [
    market('completeSessionJob', [2n]),
  ])

  const mover = await accounts.delegate('delegate that moves')
  await deployer.writeContract({
    address: book.usdc,
    abi: testUsdcAbi,
    functionName: 'mint',
    args: [mover.address, parseUnits('100', 6)],
  })
  const moving = policy(
    mover,
    [{ target: book.usdc, selector: selectorOf('transfer') }],
    [{ token: book.usdc, perCall: 10_000_000n, total: 50_000_000n }],
    { pins: [recipientPin(book.usdc, recipient)] },
  )
  await validation(mover, [{ to: mover.address, data: grantData(moving) }], { signer: 'owner' })
  const transfer = [usdc('transfer', [recipient, 1_000_000n])]
  await validation(mover, transfer)
  gas['validation, session key, 1 token transfer, 7702 delegate'] = await validation(
    mover,
    transfer,
  )
  return gas
}
