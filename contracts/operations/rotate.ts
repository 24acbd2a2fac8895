#!/usr/bin/env node
import type { Address } from 'viem'
import {
  createPublicClient,
  createWalletClient,
  defineChain,
  getAddress,
  http,
  isAddress,
  isHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { deploySuccessor } from '../deploy/index.ts'
import { sponsorPaymasterAbi } from '../generated/abi/index.ts'
import { readOptions, required, urlOption } from './cli/options.ts'
import { CommandLineError, runCommand } from './cli/runCommand.ts'

const helpText = `Rotates a signer of a SponsorPaymaster: deploys its successor, and moves its deposit there.

Usage: FABSTIR_OPERATOR_PRIVATE_KEY=0x... pnpm contracts:rotate --rpc-url URL --paymaster ADDRESS --replace ADDRESS --signer ADDRESS [--amount WEI]
       FABSTIR_OPERATOR_PRIVATE_KEY=0x... pnpm contracts:rotate --rpc-url URL --paymaster ADDRESS --to ADDRESS --amount WEI

  --rpc-url URL        JSON-RPC of a node of the chain
  --paymaster ADDRESS  the SponsorPaymaster that is replaced
  --replace ADDRESS    its signer that goes; the other one stays
  --signer ADDRESS     the signer that comes
  --to ADDRESS         a successor that stands already
  --amount WEI         part of the deposit to move; leave what is promised until the last signature ended
  --help               this text

"fabstir-paymaster paymaster list --url" shows what is promised, and when the last signature ends. The key is the
operator's: whoever has it can move the deposit.
`

await runCommand('contracts:rotate', async (args) => {
  const options = readOptions(args, {
    'rpc-url': { type: 'string' },
    paymaster: { type: 'string' },
    replace: { type: 'string' },
    signer: { type: 'string' },
    to: { type: 'string' },
    amount: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  })
  if (options.help) {
    process.stdout.write(helpText)
    return 0
  }
  const amount = options.amount === undefined ? 0n : wei(options.amount)
  const paymaster = address('paymaster', options.paymaster)
  const key = process.env.FABSTIR_OPERATOR_PRIVATE_KEY
  if (!isHex(key) || key.length !== 66)
    throw new CommandLineError('FABSTIR_OPERATOR_PRIVATE_KEY: expected 0x and 64 hex digits')
  const url = urlOption('rpc-url', options['rpc-url'])
  const transport = http(url)
  const chain = defineChain({
    id: await createPublicClient({ transport }).getChainId(),
    name: 'the chain',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
  const publicClient = createPublicClient({ chain, transport })
  const walletClient = createWalletClient({
    account: privateKeyToAccount(key),
    chain,
    transport,
  })

  const successor =
    options.to === undefined
      ? await deploySuccessor({
          publicClient,
          walletClient,
          paymaster,
          replace: address('replace', options.replace),
          signer: address('signer', options.signer),
        })
      : address('to', options.to)
  console.log(`successor ${successor}`)
  if (amount === 0n) return 0
  const { request } = await publicClient.simulateContract({
    account: walletClient.account,
    address: paymaster,
    abi: sponsorPaymasterAbi,
    functionName: 'migrateTo',
    args: [successor, amount],
  })
  const hash = await walletClient.writeContract(request)
  const { status } = await publicClient.waitForTransactionReceipt({ hash })
  console.log(`${status === 'success' ? 'moved' : 'did not move'} ${amount} wei: ${hash}`)
  return status === 'success' ? 0 : 1
})

function address(name: string, value: string | undefined): Address {
  const text = required(name, value)
  if (!isAddress(text, { strict: false }))
    throw new CommandLineError(`--${name}: expected a 20-byte hex address, not ${text}`)
  return getAddress(text)
}

function wei(text: string): bigint {
  if (!/^\d{1,30}$/.test(text))
    throw new CommandLineError(`--amount: expected wei, up to 30 digits, not ${text}`)
  return BigInt(text)
}
