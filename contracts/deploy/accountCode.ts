import type { Address, Hash, PublicClient } from 'viem'
import { concat, encodeFunctionData, numberToHex, size } from 'viem'
import type { AddressBook } from '../addressBook.ts'
import { fabstirAccountFactoryAbi } from '../generated/abi/index.ts'

/**
 * Copies what follows it to memory, calls the factory with it and returns the hash of the code at
 * the address that the factory answers. All offsets are single bytes.
 */
const probe = (factory: Address, length: number) =>
  concat([
    // CODECOPY(0, 46, length)
    '0x60',
    numberToHex(length, { size: 1 }),
    '0x602e5f39',
    // CALL(gas, factory, 0, 0, length, 0, 32)
    '0x60205f60',
    numberToHex(length, { size: 1 }),
    '0x5f5f73',
    factory,
    '0x5af150',
    // RETURN(MSTORE(0, EXTCODEHASH(MLOAD(0))))
    '0x5f513f5f5260205ff3',
  ])

export type AccountCode = {
  /** Hash of the code that stands at every account of the factories, whoever owns it. */
  codeHash: Hash
  /** Implementations behind it, one for each EntryPoint. */
  implementations: readonly Address[]
}

/**
 * The code of the accounts of an address book, for policies that pay only for these. Asked of the
 * chain, without a transaction: the compiler's metadata differs between the proxy alone and the one
 * inside of the factory.
 */
export async function readAccountCode(
  { call }: Pick<PublicClient, 'call'>,
  { deployments }: Pick<AddressBook, 'deployments'>,
): Promise<AccountCode> {
  const [deployment] = deployments
  if (!deployment) throw new RangeError('the address book has no account factory')
  const createAccount = encodeFunctionData({
    abi: fabstirAccountFactoryAbi,
    functionName: 'createAccount',
    // Any owner; nothing of this stays.
    args: ['0x00000000000000000000000000000000000000aa', 0n],
  })
  const code = concat([probe(deployment.accountFactory, size(createAccount)), createAccount])
  const { data } = await call({ data: code })
  if (!data || size(data) !== 32)
    throw new TypeError(`${deployment.accountFactory} creates no account`)
  return {
    codeHash: data,
    implementations: deployments.map(({ accountImplementation }) => accountImplementation),
  }
}
