import {
  fabstirAccountAbi,
  fabstirAccountFactoryAbi,
  sponsorPaymasterAbi,
} from '@fabstir/contracts/abi'
import { entryPointAdapters, type UserOperation } from '@fabstir/erc4337'
import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  keccak256,
  parseAbi,
  parseEther,
  parseGwei,
  stringToHex,
} from 'viem'
import { mnemonicToAccount, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import {
  encodePaymasterData,
  sponsorshipHasher,
} from '../../../paymaster-service/src/signing/sponsoredOperation.ts'
import { nonceKey } from '../../../sdk/src/accounts/nonceKey.ts'
import type { GasChain } from './gasChain.ts'
import type { Passkey } from './passkey.ts'

/** One call of a batch. */
export type Call = { to: Address; value?: bigint; data: Hex }

/** An account of the deployed factory with the keys that sign for it. */
export type GasAccount = {
  address: Address
  owner: PrivateKeyAccount
  /** Session key; signs for what was granted to it. */
  key: PrivateKeyAccount
  /** Of an owner that is no secp256k1 key: its signature of a digest, with the prefix of its kind. */
  ownerSignature?: (hash: Hex) => Hex
  /** Implementation that the owner's own account runs by EIP-7702; absent behind a proxy of the factory. */
  delegate?: Address
}

export type Payer = 'sponsor' | 'self'
export type Signer = 'owner' | 'session'

/** The same key in every run, so that calldata costs the same. */
const keyOf = (name: string) => privateKeyToAccount(keccak256(stringToHex(name)))

const entryPointAbi = parseAbi(['function getNonce(address, uint192) view returns (uint256)'])

/** ERC-7821: a batch without opData that reverts as a whole. */
const batchMode = `0x01${'00'.repeat(31)}` as const

/**
 * Unix seconds at which measuring starts. Fixed, as are all keys: every zero byte in an operation saves gas, and so the
 * same numbers come out in every run.
 */
export const measuredFrom = 2_000_000_000

const testMnemonic = 'test test test test test test test test test test test junk'

export function gasAccounts({ book, publicClient, wallets }: GasChain) {
  const [deployment] = book.deployments
  const adapter = entryPointAdapters.find(({ address }) => address === deployment?.entryPoint)
  if (!deployment || !adapter) throw new RangeError('no EntryPoint')
  const { entryPoint, accountFactory, accountImplementation, sponsorPaymaster } = deployment
  // Fifth account of the test mnemonic: the raw digest cannot be signed over JSON-RPC.
  const sponsorSigner = mnemonicToAccount(testMnemonic, { addressIndex: 4 })

  const send = async (to: Address, data: Hex, value = 0n, from = wallets.anyone) => {
    const hash = await from.sendTransaction({ to, data, value, gas: 15_000_000n })
    const receipt = await publicClient.waitForTransactionReceipt({ hash })
    if (receipt.status !== 'success') throw new Error(`transaction ${hash} reverted`)
    return receipt
  }

  return {
    send,
    entryPoint,
    /** Pays into the sponsor's deposit. */
    async fundSponsor() {
      const data = encodeFunctionData({ abi: sponsorPaymasterAbi, functionName: 'deposit' })
      await send(sponsorPaymaster, data, parseEther('10'))
    },
    /** A deployed account with ETH. */
    async create(name: string, passkey?: Passkey): Promise<GasAccount> {
      const [owner, key] = [keyOf(`${name} owner`), keyOf(`${name} key`)]
      const factory = { address: accountFactory, abi: fabstirAccountFactoryAbi } as const
      const args = [passkey?.publicKey ?? owner.address, 0n] as const
      const address = await publicClient.readContract({
        ...factory,
        functionName: 'getAddress',
        args,
      })
      await send(
        accountFactory,
        encodeFunctionData({ ...factory, functionName: 'createAccount', args }),
      )
      await send(address, '0x', parseEther('20'))
      return { address, owner, key, ...(passkey && { ownerSignature: passkey.sign }) }
    },
    /** An account with a key of its own that runs the account's code by EIP-7702. */
    async delegate(name: string): Promise<GasAccount> {
      const [owner, key] = [keyOf(`${name} owner`), keyOf(`${name} key`)]
      await send(owner.address, '0x', parseEther('20'))
      const authorization = await owner.signAuthorization({
        address: accountImplementation,
        chainId: book.chainId,
        // Its own transaction comes first.
        nonce: 1,
      })
      const serializedTransaction = await owner.signTransaction({
        type: 'eip7702',
        chainId: book.chainId,
        nonce: 0,
        to: owner.address,
        gas: 200_000n,
        maxFeePerGas: parseGwei('100'),
        maxPriorityFeePerGas: 1n,
        authorizationList: [authorization],
      })
      const hash = await publicClient.sendRawTransaction({ serializedTransaction })
      await publicClient.waitForTransactionReceipt({ hash })
      return { address: owner.address, owner, key, delegate: accountImplementation }
    },
    /** A signed operation that runs `calls`. */
    async operation(
      account: GasAccount,
      calls: readonly Call[],
      { signer = 'session', payer = 'sponsor' }: { signer?: Signer; payer?: Payer } = {},
    ): Promise<UserOperation> {
      const key = nonceKey(
        signer === 'owner' ? { type: 'owner' } : { type: 'session', keyId: account.key.address },
      )
      const nonce = await publicClient.readContract({
        address: entryPoint,
        abi: entryPointAbi,
        functionName: 'getNonce',
        args: [account.address, key],
      })
      const op: UserOperation = {
        sender: account.address,
        nonce,
        callData: executeData(calls),
        callGasLimit: 600_000n,
        // A passkey costs a quarter of a million where the chain does not know its curve.
        verificationGasLimit: account.ownerSignature ? 800_000n : 300_000n,
        preVerificationGas: 60_000n,
        maxFeePerGas: parseGwei('3'),
        maxPriorityFeePerGas: parseGwei('1'),
        signature: '0x',
        ...(payer === 'sponsor'
          ? {
              paymaster: sponsorPaymaster,
              paymasterVerificationGasLimit: 60_000n,
              paymasterPostOpGasLimit: 0n,
            }
          : {}),
      }
      const paid = payer === 'sponsor' ? await sponsored(op, account.delegate) : op
      const hash = adapter.hash(paid, book.chainId)
      if (signer === 'owner' && account.ownerSignature) {
        return { ...paid, signature: account.ownerSignature(hash) }
      }
      const by = signer === 'owner' ? account.owner : account.key
      return { ...paid, signature: concatHex(['0x00', await by.sign({ hash })]) }
    },
    /** Includes operations in one bundle. Answers the receipt; throws when one of them failed. */
    async include(...ops: UserOperation[]) {
      const receipt = await send(
        entryPoint,
        adapter.encodeHandleOps(ops, wallets.anyone.account.address),
      )
      const failed = receipt.logs.filter(({ topics }) => failureTopics.has(topics[0] ?? '0x'))
      if (failed.length > 0) throw new Error(`${failed.length} operations reverted`)
      return receipt
    },
  }

  async function sponsored(
    op: UserOperation,
    delegate: Address | undefined,
  ): Promise<UserOperation> {
    const terms = {
      policyHash: '0x00112233445566778899aabbccddeeff',
      validAfter: measuredFrom - 60,
      validUntil: measuredFrom + 3_000,
    } as const
    const digest = sponsorshipHasher({
      chainId: book.chainId,
      entryPoint,
      paymaster: sponsorPaymaster,
      op,
      delegate,
    })(terms)
    const signature = await sponsorSigner.sign({ hash: digest })
    return { ...op, paymasterData: encodePaymasterData({ ...terms, signature }) }
  }
}

/** UserOperationRevertReason, and the one that says that a prefund was too low. */
const failureTopics = new Set([
  keccak256(stringToHex('UserOperationRevertReason(bytes32,address,uint256,bytes)')),
  keccak256(stringToHex('UserOperationPrefundTooLow(bytes32,address,uint256)')),
])

function executeData(calls: readonly Call[]): Hex {
  const batch = encodeAbiParameters(
    [
      {
        type: 'tuple[]',
        components: [
          { name: 'target', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'data', type: 'bytes' },
        ],
      },
    ],
    [calls.map(({ to, value = 0n, data }) => ({ target: to, value, data }))],
  )
  return encodeFunctionData({
    abi: fabstirAccountAbi,
    functionName: 'execute',
    args: [batchMode, batch],
  })
}
