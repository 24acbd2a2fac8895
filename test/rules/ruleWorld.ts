import type { EntryPointAdapter, UserOperation } from '@fabstir/erc4337'
import { getEntryPointAdapter } from '@fabstir/erc4337'
import type { Address, Hex } from 'viem'
import { concat, getCreate2Address, numberToHex, pad, parseEther, zeroHash } from 'viem'
import { entryPoint08Address } from 'viem/account-abstraction'
import type { StateOverride } from '../../bundler/src/chain/reader.ts'
import { depositSlot } from '../../bundler/src/simulation/depositSlot.ts'
import { mergeStateOverrides } from '../../bundler/src/simulation/stateOverride.ts'
import type { EntityKind } from '../../bundler/src/validation/erc7562/scene.ts'
import {
  accountCode,
  callDeed,
  deployingCode,
  initCodeOf,
  mappingCode,
  paymasterCode,
  reachDeed,
  type SlotDeed,
  slotCode,
} from './entityCode.ts'

/** How the deed of an entity is done: by its own code, or by a helper's that it calls. */
export type FrameEntry = 'direct' | 'call' | 'delegatecall'
export const frameEntries = ['direct', 'call', 'delegatecall'] as const

export const entryPoint: EntryPointAdapter = adapterOf(entryPoint08Address)

const named = (n: number): Address => pad(numberToHex(0xac_0000 + n), { size: 20 })
export const world = {
  account: named(1),
  factory: named(2),
  paymaster: named(3),
  helper: named(4),
  nobody: named(5),
  somebody: named(6),
  /** Takes more memory than a few thousand gas pay for. */
  spender: named(7),
} as const
const touches: readonly SlotDeed[] = ['read', 'write', 'readTransient', 'writeTransient']

/** A contract that touches mapping entries in one way. */
export const mapping = (how: SlotDeed): Address => named(0x10 + touches.indexOf(how))
/** A contract that touches the slot it is told. */
export const slots = (how: SlotDeed): Address => named(0x20 + touches.indexOf(how))

const word = (value: bigint | Hex): Hex =>
  typeof value === 'bigint' ? numberToHex(value, { size: 32 }) : pad(value, { size: 32 })

/** Touches slot keccak256(owner ‖ 0) + n of the mapping contract. */
export const mappingDeed = (how: SlotDeed, owner: Address, n = 0n): Hex =>
  callDeed(mapping(how), { data: concat([word(owner), word(n)]) })
export const slotDeed = (how: SlotDeed, slot: bigint | Hex): Hex =>
  callDeed(slots(how), { data: word(slot) })

export type Scenario = {
  /** Whose code does the deed. */
  entity: EntityKind
  deed: Hex
  frame: FrameEntry
  /** The operation deploys its account, by `world.factory`; always so when the factory does the deed. */
  deploys?: boolean
  /** Code that every account runs besides. */
  accountDeed?: Hex
  /** Code that the constructor of a new account runs. */
  constructorDeed?: Hex
  /** Code that the paymaster runs besides, and that there is one. */
  paymasterDeed?: Hex
}

/** The operation of a scenario, and the state in which it runs on any chain with `senderCreator`'s code. */
export function stage(scenario: Scenario): { op: UserOperation; stateOverride: StateOverride } {
  const {
    entity,
    deed,
    frame,
    accountDeed = '0x',
    constructorDeed = '0x',
    paymasterDeed,
  } = scenario
  const done = {
    direct: deed,
    call: reachDeed('0xf1', world.helper),
    delegatecall: reachDeed('0xf4', world.helper),
  }[frame]
  const deedOf = (kind: EntityKind, besides: Hex): Hex =>
    entity === kind ? concat([besides, done]) : besides
  const deploys = entity === 'factory' || scenario.deploys === true
  const sponsored = entity === 'paymaster' || paymasterDeed !== undefined

  const code = accountCode(deedOf('account', accountDeed))
  const initCode = concat([constructorDeed, initCodeOf(code)])
  const account = deploys ? deployedBy(initCode) : world.account
  const op: UserOperation = {
    sender: account,
    nonce: 0n,
    callData: '0x',
    callGasLimit: 50_000n,
    verificationGasLimit: 3_000_000n,
    preVerificationGas: 60_000n,
    maxFeePerGas: 3_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    signature: '0x',
    ...(deploys && { factory: world.factory, factoryData: zeroHash }),
    ...(sponsored && {
      paymaster: world.paymaster,
      paymasterVerificationGasLimit: 3_000_000n,
      paymasterPostOpGasLimit: 0n,
      paymasterData: '0x',
    }),
  }
  const balance = numberToHex(parseEther('1'))
  const deposits = Object.fromEntries(
    [account, world.paymaster].map((owner) => [depositSlot(owner), word(parseEther('1'))]),
  )
  const contract = (address: Address, bytecode: Hex): StateOverride => ({
    [address]: { code: bytecode, balance },
  })
  const stateOverride = mergeStateOverrides(
    { [entryPoint.address]: { stateDiff: deposits } },
    deploys ? { [account]: { balance } } : contract(account, code),
    contract(world.factory, deployingCode(deedOf('factory', '0x'), initCode)),
    contract(world.paymaster, paymasterCode(deedOf('paymaster', paymasterDeed ?? '0x'))),
    contract(world.helper, concat([deed, '0x00'])),
    contract(world.somebody, '0x00'),
    // MLOAD(0xffff)
    contract(world.spender, '0x61ffff5100'),
    ...touches.flatMap((how) => [
      contract(mapping(how), mappingCode(how)),
      contract(slots(how), slotCode(how)),
    ]),
  )
  return { op, stateOverride }
}

/** Address of the account that `world.factory` deploys with `initCode`. */
function deployedBy(initCode: Hex): Address {
  return getCreate2Address({ from: world.factory, salt: zeroHash, bytecode: initCode })
}

/** Address of the account that a factory deploys which does the deed itself. */
export const plainSender = deployedBy(initCodeOf(accountCode('0x')))

function adapterOf(address: Address): EntryPointAdapter {
  const adapter = getEntryPointAdapter(address)
  if (!adapter) throw new Error(`no EntryPoint ${address}`)
  return adapter
}
