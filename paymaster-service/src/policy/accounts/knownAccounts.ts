import type { Address, Hash, Hex } from 'viem'
import { pad, zeroAddress } from 'viem'
import type { PolicyDocument } from '../policyDocument.ts'
import type { AccountShape } from './accountShape.ts'
import type { SafeSettings } from './creationData.ts'
import { isModular, moduleSlots } from './validators.ts'

/** Code of a deployed account, as far as it says how call data is read. */
export type AccountCode = {
  hash: Hash
  /** What stands in the ERC-1967 slot: zero, where the code is no such proxy. */
  implementation: Address
}

/** Words of an account's storage, by slot, as far as they were read. */
export type AccountStorage = ReadonlyMap<Hex, Hex>

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
  /** Of Kernel and ERC-7579 accounts. */
  validators: ReadonlySet<string>
  /** Slots that have to be read of every sender. */
  slots: readonly Hex[]
}

/** A Safe's singleton stands in its first slot, … */
const singletonSlot: Hex = pad('0x', { size: 32 })
/** … what answers its unknown functions in `keccak256('fallback_manager.handler.address')`, … */
const handlerSlot: Hex = '0x6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5'
/** … and since 1.5.0 what is called before and after its modules' calls in `keccak256('module_manager.module_guard.address')`. */
const moduleGuardSlot: Hex = '0xb104e0b93118902c651344349b610029d694cfdec91c589c91ebafbcd0289947'

type AccountMembers = Pick<
  PolicyDocument,
  'factories' | 'deniedFactories' | 'delegates' | 'accounts' | 'safe' | 'validators'
>

export function knownAccounts(document: AccountMembers): KnownAccounts {
  const { factories, deniedFactories, delegates, accounts, safe, validators } = document
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
    validators: addressSet(validators),
    slots: [...new Set([...accounts, ...delegates].flatMap(({ shape }) => slotsOf(shape)))],
  }
}

function slotsOf(shape: AccountShape): readonly Hex[] {
  if (shape === 'safe-4337') return [singletonSlot, handlerSlot, moduleGuardSlot]
  return isModular(shape) ? moduleSlots[shape] : []
}

/** How an account of this code reads its call data; `undefined` for code that is not listed. */
export function shapeOfCode(
  { code, safe }: KnownAccounts,
  { hash, implementation }: AccountCode,
  storage: AccountStorage,
): AccountShape | undefined {
  const isIn = (set: ReadonlySet<string>, slot: Hex) => {
    const word = storage.get(slot)
    return word !== undefined && set.has(`0x${word.slice(-40)}`.toLowerCase())
  }
  return code
    .get(hash)
    ?.find(({ shape, implementations }) =>
      shape === 'safe-4337'
        ? isIn(safe.singletons, singletonSlot) &&
          isIn(safe.modules, handlerSlot) &&
          /^0x0+$/.test(storage.get(moduleGuardSlot) ?? '')
        : implementations.has(implementation.toLowerCase()),
    )?.shape
}

/** What in these members contradicts itself. */
export function accountIssues(members: AccountMembers) {
  const { factories, delegates, accounts, safe, validators } = members
  const issues: { field: string; message: string }[] = []
  for (const [name, list] of Object.entries({ factories, delegates, accounts }))
    for (const [index, { shape }] of list.entries())
      if (isModular(shape) && !validators)
        issues.push({
          field: `${name}.${index}.shape`,
          message: `${shape} needs the member "validators"`,
        })
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
