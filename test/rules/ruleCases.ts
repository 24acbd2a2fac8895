import type { Hex } from 'viem'
import { concat, encodeFunctionData, numberToHex, pad, parseAbi } from 'viem'
import type { EntityKind } from '../../bundler/src/validation/erc7562/scene.ts'
import { callDeed, ownSlotDeed, reachDeed, type SlotDeed } from './entityCode.ts'
import type { FrameEntry } from './ruleWorld.ts'
import { entryPoint, mappingDeed, plainSender, slotDeed, world } from './ruleWorld.ts'

export type Situation = { entity: EntityKind; staked: boolean; frame: FrameEntry }

export type RuleCase = {
  name: string
  deed: (entity: EntityKind) => Hex
  /** Entities that can do it; all unless told. */
  by?: readonly EntityKind[]
  /** Rules that are broken, each once. */
  breaks: (at: Situation) => readonly string[]
}

const always =
  (...rules: string[]) =>
  () =>
    rules
const never = () => []
const unlessStaked =
  (rule: string) =>
  ({ staked }: Situation) =>
    staked ? [] : [rule]
/** Allowed to some entities and to what they call, [OP-054] to others. */
const onlyBy =
  (...entities: EntityKind[]) =>
  ({ entity }: Situation) =>
    entities.includes(entity) ? [] : ['OP-054']

const abi = parseAbi([
  'function depositTo(address account) payable',
  'function incrementNonce(uint192 key)',
  'function balanceOf(address account) view returns (uint256)',
  'function addStake(uint32 unstakeDelaySec) payable',
])
const depositTo = (account: Hex) =>
  encodeFunctionData({ abi, functionName: 'depositTo', args: [account] })
const balanceOf = encodeFunctionData({ abi, functionName: 'balanceOf', args: [world.somebody] })
const addStake = encodeFunctionData({ abi, functionName: 'addStake', args: [1] })
const incrementNonce = encodeFunctionData({ abi, functionName: 'incrementNonce', args: [7n] })

/** The sender of the operation in which an entity does its deed. */
const senderOf = (entity: EntityKind) => (entity === 'factory' ? plainSender : world.account)
const ownAddress = (entity: EntityKind) => (entity === 'account' ? world.account : world[entity])
const precompile = (n: number) => pad(numberToHex(n), { size: 20 })

const banned: readonly [name: string, deed: Hex][] = [
  ['ORIGIN', '0x3250'],
  ['GASPRICE', '0x3a50'],
  ['BLOCKHASH', '0x5f4050'],
  ['COINBASE', '0x4150'],
  ['TIMESTAMP', '0x4250'],
  ['NUMBER', '0x4350'],
  ['PREVRANDAO', '0x4450'],
  ['GASLIMIT', '0x4550'],
  ['BASEFEE', '0x4850'],
  ['BLOBHASH', '0x5f4950'],
  ['BLOBBASEFEE', '0x4a50'],
  ['INVALID', '0xfe'],
  ['SELFDESTRUCT', '0x5fff'],
]

const opcodeCases: RuleCase[] = [
  { name: 'nothing', deed: () => '0x', breaks: never },
  ...banned.map(([name, deed]) => ({
    name: `[OP-011] ${name}`,
    deed: () => deed,
    breaks: always('OP-011'),
  })),
  { name: '[OP-012] GAS without a call', deed: () => '0x5a50', breaks: always('OP-012') },
  {
    name: '[OP-012] GAS before each kind of call',
    deed: () =>
      concat(
        (['0xf1', '0xf2', '0xf4', '0xfa'] as const).map((op) => reachDeed(op, world.somebody)),
      ),
    breaks: never,
  },
  { name: '[OP-013] an opcode without meaning', deed: () => '0x0c', breaks: always('OP-013') },
  {
    name: '[OP-020] a read that runs out of gas',
    deed: (entity) => gasLimited(mappingDeed('read', senderOf(entity)), 90),
    breaks: outOfGas,
  },
  {
    name: '[OP-020] SSTORE with less than the stipend',
    deed: (entity) => gasLimited(slotDeed('write', senderOf(entity)), 2_290),
    breaks: outOfGas,
  },
  {
    name: '[OP-020] memory that the gas does not pay for',
    deed: () => gasLimited(callDeed(world.spender), 4_000),
    breaks: always('OP-020'),
  },
  {
    name: '[OP-020] a precompile with too little gas',
    deed: () => gasLimited(callDeed(precompile(2)), 10),
    breaks: always('OP-020'),
  },
  {
    name: '[OP-080] BALANCE',
    deed: () => reachDeed('0x31', world.somebody),
    breaks: unlessStaked('OP-080'),
  },
  { name: '[OP-080] SELFBALANCE', deed: () => '0x4750', breaks: unlessStaked('OP-080') },
]

/** What ran out of gas was still named: a slot of the sender's, which is closed to an unstaked factory. */
function outOfGas({ entity, staked }: Situation): string[] {
  return entity === 'factory' && !staked ? ['OP-020', 'STO-022'] : ['OP-020']
}

/** The same deed with a gas limit in place of GAS. */
function gasLimited(deed: Hex, gas: number): Hex {
  const limit = numberToHex(gas, { size: 2 }).slice(2)
  return deed.replace(/5af150$/, `61${limit}f150`) as Hex
}

const creationCases: RuleCase[] = [
  {
    name: '[EREP-061] CREATE',
    deed: () => '0x5f5f5ff050',
    breaks: ({ entity, staked }) => (entity === 'factory' && staked ? [] : ['OP-011']),
  },
  {
    name: '[OP-031] [EREP-060] CREATE2 of something else',
    deed: () => '0x5f5f5f5ff550',
    breaks: ({ entity, staked, frame }) =>
      entity === 'factory' && staked && frame !== 'call' ? [] : ['OP-031'],
  },
]

const accessCases: RuleCase[] = [
  ...(['0x3b', '0x3c', '0x3f', '0xf1', '0xf2', '0xf4', '0xfa'] as const).flatMap(
    (opcode): RuleCase[] => [
      {
        name: `[OP-041] ${opcode} of an address without code`,
        deed: () => reachDeed(opcode, world.nobody),
        breaks: always('OP-041'),
      },
      {
        name: `[OP-042] ${opcode} of the sender before it is there`,
        by: ['factory'],
        deed: () => reachDeed(opcode, plainSender),
        breaks: never,
      },
      {
        name: `${opcode} of a contract`,
        deed: () => reachDeed(opcode, world.somebody),
        breaks: never,
      },
    ],
  ),
  {
    name: '[OP-041] a question for existence of an address without code',
    deed: () => concat(['0x73', world.nobody, '0x3b1550']),
    breaks: always('OP-041'),
  },
  {
    name: '[OP-051] EXTCODESIZE ISZERO of the EntryPoint',
    deed: () => concat(['0x73', entryPoint.address, '0x3b1550']),
    breaks: never,
  },
  ...(['0x3b', '0x3c', '0x3f', '0xf2', '0xfa'] as const).map((opcode) => ({
    name: `[OP-054] ${opcode} of the EntryPoint`,
    deed: () => reachDeed(opcode, entryPoint.address),
    breaks: ({ entity, staked, frame }: Situation) =>
      opcode === '0xf2' ? borrowedEntryPoint({ entity, staked, frame }) : ['OP-054'],
  })),
  {
    name: '[OP-052] depositTo the sender',
    deed: (entity) =>
      callDeed(entryPoint.address, { data: depositTo(senderOf(entity)), value: 1n }),
    breaks: onlyBy('account', 'factory'),
  },
  {
    name: '[OP-052] depositTo somebody else',
    deed: () => callDeed(entryPoint.address, { data: depositTo(world.somebody), value: 1n }),
    breaks: always('OP-054'),
  },
  {
    name: '[OP-053] payment to the EntryPoint',
    deed: () => callDeed(entryPoint.address, { value: 1n }),
    breaks: onlyBy('account'),
  },
  {
    name: '[OP-055] incrementNonce',
    deed: () => callDeed(entryPoint.address, { data: incrementNonce }),
    breaks: ({ entity, frame }) => (entity === 'account' && frame !== 'call' ? [] : ['OP-054']),
  },
  {
    name: '[OP-054] a stake at the EntryPoint',
    deed: () => callDeed(entryPoint.address, { data: addStake, value: 1n }),
    breaks: always('OP-054'),
  },
  {
    name: '[OP-054] a question to the EntryPoint',
    deed: () => callDeed(entryPoint.address, { data: balanceOf }),
    breaks: always('OP-054'),
  },
  {
    name: '[OP-061] ether for somebody',
    deed: () => callDeed(world.somebody, { value: 1n }),
    breaks: always('OP-061'),
  },
  {
    name: '[OP-061] ether for a precompile',
    deed: () => callDeed(precompile(4), { value: 1n }),
    breaks: always('OP-061'),
  },
  {
    // Without 0xa: the local source refuses KZG proofs rather than checking them.
    name: '[OP-062] precompiles 0x1 to 0x11 and 0x100',
    deed: () =>
      concat(
        [...Array(17).keys(), 0xff]
          .filter((n) => n + 1 !== 0xa)
          .map((n) => gasLimited(callDeed(precompile(n + 1)), 60_000)),
      ),
    // Some of them refuse empty input with all gas gone.
    breaks: never,
  },
  {
    name: '[OP-062] precompile 0x12',
    deed: () => callDeed(precompile(0x12)),
    breaks: always('OP-062'),
  },
  {
    name: '[OP-041] EXTCODEHASH of a precompile',
    deed: () => reachDeed('0x3f', precompile(4)),
    breaks: always('OP-041'),
  },
]

/** CALLCODE runs the EntryPoint's code on the storage of whoever calls: `receive` books a deposit there. */
function borrowedEntryPoint({ entity, staked, frame }: Situation): string[] {
  if (frame === 'call') return staked ? ['OP-054', 'STO-033'] : ['OP-054', 'STO-033']
  return entity === 'account' || staked ? ['OP-054'] : ['OP-054', 'STO-031']
}

const slotDeeds = ['read', 'write', 'readTransient', 'writeTransient'] as const
const isWrite = (how: SlotDeed) => how === 'write' || how === 'writeTransient'
/** [STO-033] What belongs to nobody of the operation. */
const foreign =
  (how: SlotDeed) =>
  ({ staked }: Situation) =>
    staked && !isWrite(how) ? [] : ['STO-033']

const storageCases: RuleCase[] = slotDeeds.flatMap((how): RuleCase[] => [
  {
    name: `[STO-010] [STO-031] ${how} of own storage`,
    deed: () => ownSlotDeed(how),
    breaks(at) {
      // Of a helper that is called, it is the helper's.
      if (at.frame === 'call') return foreign(how)(at)
      return at.entity === 'account' || at.staked ? [] : ['STO-031']
    },
  },
  ...[0n, 128n].map((n) => ({
    name: `[STO-021] [STO-022] ${how} of slot ${n} of the sender's in a mapping`,
    deed: (entity: EntityKind) => mappingDeed(how, senderOf(entity), n),
    breaks: ({ entity, staked }: Situation) => (entity === 'factory' && !staked ? ['STO-022'] : []),
  })),
  {
    name: `[STO-021] ${how} of slot 129 of the sender's in a mapping`,
    deed: (entity) => mappingDeed(how, senderOf(entity), 129n),
    breaks: foreign(how),
  },
  {
    name: `[STO-021] ${how} of the slot that is the sender's address`,
    deed: (entity) => slotDeed(how, senderOf(entity)),
    breaks: ({ entity, staked }) => (entity === 'factory' && !staked ? ['STO-022'] : []),
  },
  {
    name: `[STO-032] ${how} of the entity's in a mapping`,
    by: ['factory', 'paymaster'],
    deed: (entity) => mappingDeed(how, ownAddress(entity)),
    breaks: unlessStaked('STO-032'),
  },
  {
    name: `[STO-033] ${how} of somebody's in a mapping`,
    deed: () => mappingDeed(how, world.somebody),
    breaks: foreign(how),
  },
  {
    name: `[STO-033] ${how} of a plain slot`,
    deed: () => slotDeed(how, 3n),
    breaks: foreign(how),
  },
])

/** Every rule, who breaks it and who does not, by every entity, frame and stake. */
export const ruleCases: readonly RuleCase[] = [
  ...opcodeCases,
  ...creationCases,
  ...accessCases,
  ...storageCases,
]
