import type { Address, Hash, Hex } from 'viem'
import { pad, zeroAddress } from 'viem'
import type { PolicyDocument } from '../policyDocument.ts'
import type { AccountShape } from './accountShape.ts'
import type { SafeSettings } from './creationData.ts'

/** Code of a deployed account, as far as it says how call data is read. */
export type AccountCode = {
  hash: Hash
  /** What stands in the ERC-1967 slot: zero, where the code is no such proxy. */
  implementation: Address
  /** Words of the account's storage, by slot, as far as they were read. */
  storage?: ReadonlyMap<Hex, Hex>
}

/** Accounts of one code, one way each to be known. */
type KnownCode = { shape: AccountShape; implementations: ReadonlySet<string> }

export type KnownAccounts = {
  factories: ReadonlyMap<string, AccountShape>
  deniedFactories: ReadonlySet<string>
  kernelFactories: ReadonlySet<string>
  delegates: ReadonlyMap<string, AccountShape>
  code: ReadonlyMap<string, readonly KnownCode[]>
  safe: SafeSettings
  multiSend: ReadonlySet<string>
  /** Slots that have to be read of every deployed account. */
  slots: readonly Hex[]
}

/** A Safe's singleton stands in its first slot, … */
export const singletonSlot: Hex = pad('0x', { size: 32 })
/** … and what answers its unknown functions in `keccak256('fallback_manager.handler.address')`. */
export const handlerSlot: Hex = '0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5'

type AccountMembers = Pick<
  PolicyDocument,
  'factories' | 'deniedFactories' | 'delegates' | 'accounts' | 'safe'
>

export function knownAccounts(document: AccountMembers): KnownAccounts {
  const { factories, deniedFactories, delegates, accounts, safe } = document
  const code = new Map<string, KnownCode[]>()
  for (const { codeHash, shape, implementations } of accounts) {
    const known = { shape, implementations: addressSet(implementations ?? noProxy) }
    code.set(codeHash, [...(code.get(codeHash) ?? []), known])
  }
  const ofKernel = factories.filter(({ shape }) => shape === 'kernel-3')
  return {
    factories: shapes(factories),
    deniedFactories: addressSet(deniedFactories),
    kernelFactories: addressSet(ofKernel.map(({ address }) => address)),
    delegates: shapes(delegates),
    code,
    safe: {
      singletons: addressSet(safe?.singletons),
      modules: addressSet(safe?.modules),
      setups: addressSet(safe?.setups),
    },
    multiSend: addressSet(safe?.multiSend),
    slots: accounts.some(({ shape }) => shape === 'safe-4337') ? [singletonSlot, handlerSlot] : [],
  }
}

/** How an account of this code reads its call data; `undefined` for code that is not listed. */
export function shapeOfCode(
  { code, safe }: KnownAccounts,
  { hash, implementation, storage }: AccountCode,
): AccountShape | undefined {
  const isIn = (set: ReadonlySet<string>, slot: Hex) => {
    const word = storage?.get(slot)
    return word !== undefined && set.has(`0x${word.slice(-40)}`.toLowerCase())
  }
  return code
    .get(hash)
    ?.find(({ shape, implementations }) =>
      shape === 'safe-4337'
        ? isIn(safe.singletons, singletonSlot) && isIn(safe.modules, handlerSlot)
        : implementations.has(implementation.toLowerCase()),
    )?.shape
}

/** What in these members contradicts itself. */
export function accountIssues({ factories, delegates, accounts, safe }: AccountMembers) {
  const issues: { field: string; message: string }[] = []
  for (const [name, list] of Object.entries({ factories, delegates })) {
    const seen = new Map<string, AccountShape>()
    for (const [index, { address, shape }] of list.entries()) {
      const earlier = seen.get(address)
      if (earlier !== undefined && earlier !== shape)
        issues.push({
          field: `${name}.${index}.shape`,
          message: `${address} is ${earlier} already`,
        })
      seen.set(address, shape)
      // An EIP-7702 account has its delegate's code and no proxy, so none of a Safe's slots.
      if (shape === 'safe-4337' && (name === 'delegates' || !safe))
        issues.push({
          field: `${name}.${index}.shape`,
          message:
            name === 'delegates' ? 'a Safe is no delegate' : 'a Safe needs the member "safe"',
        })
    }
  }
  for (const [index, account] of accounts.entries()) {
    const { shape, codeHash, implementations } = account
    if (shape === 'safe-4337' && (!safe || implementations))
      issues.push({
        field: `accounts.${index}`,
        message: 'a Safe needs the member "safe" and has no implementations of its own',
      })
    const others = accounts.slice(0, index).filter((other) => other.codeHash === codeHash)
    if (others.some((other) => other.shape !== shape && overlap(other, account)))
      issues.push({
        field: `accounts.${index}.shape`,
        message: `code ${codeHash} is listed with another shape`,
      })
  }
  return issues
}

/** What stands in the slot of code that is no ERC-1967 proxy. Of a proxy whose implementation is not listed nothing is known. */
const noProxy: readonly Address[] = [zeroAddress]

type Listed = PolicyDocument['accounts'][number]

function overlap(one: Listed, other: Listed): boolean {
  const { implementations = noProxy } = other
  return (one.implementations ?? noProxy).some((each) => implementations.includes(each))
}

function shapes(
  list: readonly { address: Address; shape: AccountShape }[],
): ReadonlyMap<string, AccountShape> {
  return new Map(list.map(({ address, shape }) => [address.toLowerCase(), shape]))
}

function addressSet(addresses: readonly Address[] = []): ReadonlySet<string> {
  return new Set(addresses.map((address) => address.toLowerCase()))
}
