import type { Hex } from 'viem'
import type { EntityKind } from '../../bundler/src/validation/erc7562/scene.ts'
import { ownSlotDeed, reachDeed } from './entityCode.ts'
import type { FrameEntry } from './ruleWorld.ts'
import { mappingDeed, plainSender, world } from './ruleWorld.ts'

/** Rules that depend on more than one entity: who is staked decides about another one's deed. */
export type SharedCase = {
  name: string
  entity: EntityKind
  frame?: FrameEntry
  deed: Hex
  deploys?: boolean
  accountDeed?: Hex
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
export const deployingCases: readonly SharedCase[] = [
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
