import type { Hex } from 'viem'
import type { EntityKind } from '../../bundler/src/validation/erc7562/scene.ts'
import { callDeed, depositToSelfDeed, ownSlotDeed, reachDeed } from './entityCode.ts'
import type { FrameEntry } from './ruleWorld.ts'
import { entryPoint, mappingDeed, plainSender, world } from './ruleWorld.ts'

/** Rules that depend on more than one entity: who is staked decides about another one's deed. */
export type SharedCase = {
  name: string
  entity: EntityKind
  frame?: FrameEntry
  deed: Hex
  deploys?: boolean
  accountDeed?: Hex
  constructorDeed?: Hex
  paymasterDeed?: Hex
  /** What is broken, by who is staked. */
  breaks: readonly { staked: readonly EntityKind[]; rules: readonly string[] }[]
}

const create = '0x5f5f5ff050'
const create2 = '0x5f5f5f5ff550'
const byFactoryStake = (unstaked: readonly string[], staked: readonly string[] = []) => [
  { staked: [], rules: unstaked },
  { staked: ['factory' as const], rules: staked },
]
/** What a constructor does is part of the deployment, but its address is the sender's. */
const inConstructor = (name: string, constructorDeed: Hex, ...rules: string[]): SharedCase => ({
  name: `${name} by the constructor of the account`,
  ...{ entity: 'factory', deed: '0x', constructorDeed },
  breaks: byFactoryStake(rules, rules),
})
const constructorCases: readonly SharedCase[] = [
  inConstructor('[OP-053] payment to the EntryPoint', callDeed(entryPoint.address, { value: 1n })),
  inConstructor('[OP-052] depositTo itself', depositToSelfDeed(entryPoint.address, 1)),
  inConstructor(
    '[OP-061] ether for somebody',
    callDeed(world.somebody, { value: 1n }),
    'factory: OP-061',
  ),
  inConstructor('[STO-010] a write to its own storage', ownSlotDeed('write')),
  inConstructor('[OP-011] TIMESTAMP', '0x4250', 'factory: OP-011'),
  inConstructor('[OP-011] SELFDESTRUCT', '0x30ff', 'factory: OP-011'),
  inConstructor(
    '[OP-054] a look at the EntryPoint',
    reachDeed('0x3f', entryPoint.address),
    'factory: OP-054',
  ),
]

export const deployingCases: readonly SharedCase[] = [
  ...constructorCases,
  ...(['direct', 'delegatecall'] as const).flatMap((frame): SharedCase[] => [
    {
      name: `[OP-032] CREATE by the sender, ${frame}`,
      ...{ entity: 'account', frame, deed: create, deploys: true },
      breaks: byFactoryStake([]),
    },
    {
      name: `[EREP-060] CREATE2 by the sender, ${frame}`,
      ...{ entity: 'account', frame, deed: create2, deploys: true },
      breaks: byFactoryStake(['account: OP-031']),
    },
  ]),
  {
    name: '[OP-032] CREATE by a utility contract of the sender',
    ...{ entity: 'account', frame: 'call', deed: create, deploys: true },
    breaks: byFactoryStake(['account: OP-011'], ['account: OP-011']),
  },
  {
    name: '[EREP-060] CREATE2 by a utility contract of the sender',
    ...{ entity: 'account', frame: 'call', deed: create2, deploys: true },
    breaks: byFactoryStake(['account: OP-031'], ['account: OP-031']),
  },
  {
    name: '[OP-011] CREATE by a paymaster beside a staked factory',
    ...{ entity: 'paymaster', deed: create, deploys: true },
    breaks: byFactoryStake(['paymaster: OP-011'], ['paymaster: OP-011']),
  },
  {
    name: "[STO-022] a paymaster reads what is the sender's",
    ...{ entity: 'paymaster', deed: mappingDeed('read', plainSender), deploys: true },
    breaks: [
      { staked: [], rules: ['paymaster: STO-022'] },
      { staked: ['factory'], rules: [] },
      // [STO-033] It may read anything.
      { staked: ['paymaster'], rules: [] },
    ],
  },
  {
    name: "[STO-022] a paymaster writes what is the sender's",
    ...{ entity: 'paymaster', deed: mappingDeed('write', plainSender), deploys: true },
    breaks: [
      { staked: [], rules: ['paymaster: STO-022'] },
      { staked: ['paymaster'], rules: ['paymaster: STO-022'] },
      { staked: ['factory'], rules: [] },
    ],
  },
  {
    name: '[STO-010] a paymaster has the account use its own storage',
    ...{ entity: 'paymaster', deed: reachDeed('0xf1', world.account) },
    accountDeed: ownSlotDeed('write'),
    breaks: [{ staked: [], rules: [] }],
  },
  {
    name: "[STO-033] an account has the paymaster use the paymaster's storage",
    ...{ entity: 'account', deed: reachDeed('0xf1', world.paymaster) },
    paymasterDeed: ownSlotDeed('read'),
    breaks: [
      // The paymaster itself needs a stake for it, and the account may not even then.
      { staked: [], rules: ['account: STO-033', 'paymaster: STO-031'] },
      { staked: ['account', 'paymaster'], rules: ['account: STO-033'] },
    ],
  },
]
