import { deploySponsorPaymaster } from '@fabstir/contracts/deploy'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, keccak256, pad, parseAbi, parseEther, slice } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { devnetAccounts } from '../../devnet/src/keys.ts'
import type { PolicyDocument } from '../../paymaster-service/src/service.ts'
import { publishedArtifact } from '../fixtures/simpleAccounts.ts'
import type { Stack } from './paymasterFixture.ts'
import { signerKey } from './paymasterFixture.ts'

/** SimpleAccounts of one EntryPoint, and who pays for them. */
export type Simple = {
  entryPoint: Address
  factory: Address
  paymaster: Address
  document: PolicyDocument
}

/** The only address that the policy lets them call. */
export const recipient: Address = '0x00000000000000000000000000000000000000A7'

const factoryAbi = parseAbi([
  'function createAccount(address owner, uint256 salt) returns (address)',
  'function getAddress(address owner, uint256 salt) view returns (address)',
])
const implementationSlot = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'

/** What deploying them takes. */
type Clients = Pick<Stack, 'client' | 'walletClient'>

/** The published factory, and the policy that pays for calls of `recipient`. */
export async function deploySimpleFactory(
  stack: Clients,
  version: '0.7' | '0.8',
  entryPoint: Address,
): Promise<Pick<Simple, 'factory' | 'document'>> {
  const { client, walletClient } = stack
  const { abi, bytecode } = publishedArtifact(version, 'SimpleAccountFactory')
  const deployment = await walletClient.deployContract({ abi, bytecode, args: [entryPoint] })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash: deployment })
  if (!contractAddress) throw new Error('no factory was deployed')
  const factory = contractAddress
  const args = [walletClient.account.address, 0n] as const
  // Its code is that of every account of the factory. Since 0.8 the factory answers to its EntryPoint's creator only.
  const sender =
    version === '0.8' ? await senderCreator(stack, entryPoint) : walletClient.account.address
  await client.impersonateAccount({ address: sender })
  await client.setBalance({ address: sender, value: parseEther('1000') })
  const made = await client.request({
    method: 'eth_sendTransaction',
    params: [
      {
        from: sender,
        to: factory,
        data: encodeFunctionData({ abi: factoryAbi, functionName: 'createAccount', args }),
      },
    ],
  } as never)
  await client.waitForTransactionReceipt({ hash: made as Hex })
  const account = await client.readContract({
    address: factory,
    abi: factoryAbi,
    functionName: 'getAddress',
    args,
  })
  const code = await client.getCode({ address: account })
  const slot = await client.getStorageAt({ address: account, slot: implementationSlot })

  const shape = `simple-${version}` as const
  return {
    factory,
    document: {
      schema: 1,
      id: shape,
      version: 1,
      sponsor: { name: 'Nudges', author: 'Fabstir', description: 'Pays for nudges' },
      chains: [foundry.id],
      entryPoints: [entryPoint],
      caps: { global: { wei: `${parseEther('1')}`, window: 'never' } },
      factories: [{ address: factory, shape }],
      delegates: [],
      accounts: [
        {
          shape,
          codeHash: keccak256(code ?? '0x'),
          implementations: [slice(pad(slot ?? '0x', { size: 32 }), 12)],
        },
      ],
      calls: [{ target: recipient, functions: ['0x'], maxValue: '0' }],
    },
  }
}

/** {@link deploySimpleFactory} with a SponsorPaymaster that has a deposit. */
export async function deploySimple(
  stack: Stack,
  version: '0.7' | '0.8',
  entryPoint: Address,
): Promise<Simple> {
  const { client, publicClient, walletClient } = stack
  const simple = await deploySimpleFactory(stack, version, entryPoint)
  const { sponsorSpareSigner, sponsorOperator, treasury } = devnetAccounts
  const paymaster = await deploySponsorPaymaster({
    publicClient,
    walletClient,
    entryPoint,
    sponsor: {
      signers: [privateKeyToAccount(signerKey).address, sponsorSpareSigner.address],
      operator: sponsorOperator.address,
      treasury: treasury.address,
    },
  })
  const deposit = await walletClient.writeContract({
    address: paymaster,
    abi: parseAbi(['function deposit() payable']),
    functionName: 'deposit',
    value: parseEther('5'),
  })
  await client.waitForTransactionReceipt({ hash: deposit })
  return { ...simple, entryPoint, paymaster }
}

const senderCreator = ({ client }: Pick<Stack, 'client'>, entryPoint: Address) =>
  client.readContract({
    address: entryPoint,
    abi: parseAbi(['function senderCreator() view returns (address)']),
    functionName: 'senderCreator',
  })
