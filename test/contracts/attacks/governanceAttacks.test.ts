import {
  type Address,
  concatHex,
  encodeFunctionData,
  keccak256,
  pad,
  parseAbi,
  parseEther,
  stringToHex,
  toFunctionSelector,
  zeroAddress,
} from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, functionsOf, openArena } from './arena.ts'

const [hour, day] = [3_600, 86_400]
const state = {
  pending: 0,
  active: 1,
  defeated: 3,
  succeeded: 4,
  queued: 5,
  expired: 6,
  executed: 7,
}
const vote = { against: 0, for: 1 }
const setMinimumStake = toFunctionSelector('setMinimumStake(uint256)')

let arena: Arena
let whale: Address
let stranger: Address
beforeAll(async () => {
  arena = await openArena()
  whale = arena.of('deployer')
  stranger = arena.of('anyone')
  await arena.send(whale, 'fab', 'delegate', [whale])
  await arena.wait(1)
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const parties = () => [stranger, arena.of('host'), arena.of('guardian')]
const settings = async () => ({
  stake: await arena.read('registry', 'minimumStake'),
  next: await arena.read('registry', 'pendingMinimumStake'),
  fees: await arena.read('marketplace', 'fees'),
  treasury: await arena.read('marketplace', 'treasury'),
  level: await arena.read('marketplace', 'circuitBreakerLevel'),
})
/** Neither books nor settings change. */
const powerless = async (attack: () => Promise<void>) => {
  const before = await settings()
  await arena.harmless(parties(), attack)
  expect(await settings()).toEqual(before)
}

type Proposal = readonly [readonly Address[], readonly bigint[], readonly `0x${string}`[], string]
const proposalTo = (target: Address, data: `0x${string}`): Proposal => [[target], [0n], [data], 'p']
const lowerStake = () =>
  proposalTo(arena.book.registry, arena.encode('registry', 'setMinimumStake', [parseEther('500')]))
const hashed = ([targets, values, datas, description]: Proposal) => [
  ...[targets, values, datas],
  keccak256(stringToHex(description)),
]
const idOf = (proposal: Proposal) =>
  arena.read<bigint>('governor', 'hashProposal', hashed(proposal))
const stateOf = (id: bigint) => arena.read<number>('governor', 'state', [id])
const step = (from: Address, name: 'queue' | 'execute', proposal: Proposal) =>
  arena.send(from, 'governor', name, hashed(proposal))
const refusedStep = (name: 'queue' | 'execute', proposal: Proposal) =>
  arena.refused(stranger, 'governor', name, hashed(proposal))
/** Bit of each state in GovernorUnexpectedProposalState. */
const bits = (...states: number[]) =>
  pad(`0x${states.reduce((sum, one) => sum | (1 << one), 0).toString(16)}`)

describe('X-57 there is no way around vote and delay', () => {
  test(
    'an address without tokens proposes nothing, schedules nothing and executes nothing',
    apart(() =>
      powerless(async () => {
        const proposal = lowerStake()
        expect(await arena.refused(stranger, 'governor', 'propose', proposal)).toEqual(
          because('GovernorInsufficientProposerVotes', stranger, 0n, parseEther('10000')),
        )
        const update = {
          targetContract: arena.book.registry,
          functionSelector: setMinimumStake,
          parameterName: 'minimumStake',
          newValue: parseEther('500'),
        }
        expect(
          await arena.refused(stranger, 'governor', 'proposeParameterUpdate', [[update], 'p']),
        ).toEqual(because('GovernorInsufficientProposerVotes', stranger, 0n, parseEther('10000')))
        for (const name of ['queue', 'execute'] as const) {
          expect((await refusedStep(name, proposal))?.name).toBe('GovernorNonexistentProposal')
        }
        const [targets, , datas] = proposal
        const [zero, salt] = [pad('0x'), pad('0x01')]
        for (const attacker of [stranger, whale, arena.of('guardian')]) {
          for (const [name, args] of [
            ['schedule', [targets[0], 0n, datas[0], zero, salt, 0n]],
            ['execute', [targets[0], 0n, datas[0], zero, salt]],
          ] as const) {
            expect((await arena.refused(attacker, 'timelock', name, args))?.name).toBe(
              'AccessControlUnauthorizedAccount',
            )
          }
          expect(
            await arena.refused(attacker, 'registry', 'setMinimumStake', [parseEther('500')]),
          ).toEqual(because('OwnableUnauthorizedAccount', attacker))
        }
        const names = functionsOf('governor')
        expect(names.filter((name) => /createProposal|executeProposal|^vote$/.test(name))).toEqual(
          [],
        )
      }),
    ),
  )

  test(
    'what passed waits out its delay, is executed once, and dies when nobody comes',
    apart(async () => {
      const proposal = lowerStake()
      await arena.send(whale, 'governor', 'propose', proposal)
      const id = await idOf(proposal)
      await powerless(async () => {
        expect(await arena.refused(whale, 'governor', 'castVote', [id, vote.for])).toEqual(
          because('GovernorUnexpectedProposalState', id, state.pending, bits(state.active)),
        )
        expect((await refusedStep('execute', proposal))?.name).toBe(
          'GovernorUnexpectedProposalState',
        )
      })
      await arena.wait(day + 1)
      await arena.send(whale, 'governor', 'castVote', [id, true])
      await powerless(async () => {
        expect(await arena.refused(whale, 'governor', 'castVote', [id, vote.for])).toEqual(
          because('GovernorAlreadyCastVote', whale),
        )
        for (const name of ['queue', 'execute'] as const) {
          expect((await refusedStep(name, proposal))?.name).toBe('GovernorUnexpectedProposalState')
        }
      })
      await arena.wait(7 * day)
      await step(stranger, 'queue', proposal)
      await powerless(async () => {
        expect((await refusedStep('execute', proposal))?.name).toBe(
          'TimelockUnexpectedOperationState',
        )
      })
      const queued = await arena.testClient.snapshot()
      await arena.wait(2 * day)
      await step(stranger, 'execute', proposal)
      expect(await arena.read('registry', 'minimumStake')).toBe(parseEther('500'))
      expect((await refusedStep('execute', proposal))?.name).toBe('GovernorUnexpectedProposalState')

      await arena.testClient.revert({ id: queued })
      await arena.wait(17 * day)
      expect(await stateOf(id)).toBe(state.expired)
      await powerless(async () => {
        expect((await refusedStep('execute', proposal))?.name).toBe(
          'GovernorUnexpectedProposalState',
        )
      })
    }),
  )

  test(
    'without quorum nothing passes, and borrowed votes come too late',
    apart(async () => {
      const borrower = await arena.actor('borrower')
      await arena.give.fab(borrower, '20000')
      await arena.send(borrower, 'fab', 'delegate', [borrower])
      await arena.wait(1)
      const proposal = lowerStake()
      await arena.send(borrower, 'governor', 'propose', proposal)
      const id = await idOf(proposal)
      await arena.wait(day + 1)
      // After the snapshot: tokens for the length of a vote count nothing.
      await arena.give.fab(borrower, '5000000')
      await arena.send(borrower, 'governor', 'castVote', [id, true])
      const [, votesFor] = await arena.read<readonly bigint[]>('governor', 'proposalVotes', [id])
      expect(votesFor).toBe(parseEther('20000'))
      await arena.wait(7 * day)
      expect(await stateOf(id)).toBe(state.defeated)
      await powerless(async () => {
        expect((await refusedStep('queue', proposal))?.name).toBe('GovernorUnexpectedProposalState')
      })
    }),
  )

  test(
    'bounds hold for a vote of all tokens, and roles and upgrades need 80 percent',
    apart(async () => {
      const opponent = await arena.actor('opponent')
      await arena.give.fab(opponent, '2500000')
      await arena.send(opponent, 'fab', 'delegate', [opponent])
      await arena.wait(1)
      const outside = proposalTo(
        arena.book.registry,
        arena.encode('registry', 'setMinimumStake', [parseEther('5')]),
      )
      const upgrade = proposalTo(
        arena.book.marketplace,
        encodeFunctionData({
          abi: parseAbi(['function upgradeToAndCall(address, bytes)']),
          args: [arena.book.fab, '0x'],
        }),
      )
      const admin = proposalTo(
        arena.book.timelock,
        arena.encode('timelock', 'grantRole', [pad('0x'), whale]),
      )
      for (const proposal of [outside, upgrade, admin]) {
        await arena.send(whale, 'governor', 'propose', proposal)
      }
      await arena.wait(day + 1)
      for (const proposal of [outside, upgrade, admin]) {
        const id = await idOf(proposal)
        await arena.send(whale, 'governor', 'castVote', [id, true])
        if (proposal !== outside) await arena.send(opponent, 'governor', 'castVote', [id, false])
      }
      await arena.wait(7 * day)
      // 75 percent.
      expect(await stateOf(await idOf(upgrade))).toBe(state.defeated)
      expect(await stateOf(await idOf(admin))).toBe(state.defeated)
      await step(stranger, 'queue', outside)
      await arena.wait(2 * day)
      await powerless(async () => {
        expect(await refusedStep('execute', outside)).toEqual(
          because(
            'ParameterGuardOutOfBounds',
            'minimumStake',
            parseEther('5'),
            parseEther('200'),
            parseEther('100000'),
          ),
        )
      })
    }),
  )
})

describe('X-58 seven days are seven days', () => {
  test(
    'the vote is counted in seconds, however many blocks pass',
    apart(async () => {
      expect(await arena.read('governor', 'CLOCK_MODE')).toBe('mode=timestamp')
      expect(await arena.read('governor', 'votingPeriod')).toBe(7n * BigInt(day))
      const proposal = lowerStake()
      await arena.send(whale, 'governor', 'propose', proposal)
      const id = await idOf(proposal)
      await arena.wait(day + 1)
      await arena.send(whale, 'governor', 'castVote', [id, true])
      // 28 hours, and as many blocks as a chain of two-second blocks has in them.
      await arena.testClient.mine({ blocks: 50_400, interval: 2 })
      await powerless(async () => {
        expect(await stateOf(id)).toBe(state.active)
        expect((await refusedStep('queue', proposal))?.name).toBe('GovernorUnexpectedProposalState')
      })
      await arena.wait(7 * day - 50_400 * 2)
      expect(await stateOf(id)).toBe(state.succeeded)
    }),
  )
})

describe('X-59 an emergency action does what it says, or reverts', () => {
  test(
    'pause reaches the breaker, and unknown actions and wrong targets fail',
    apart(async () => {
      const guardian = arena.of('guardian')
      const { marketplace, fab, registry } = arena.book
      await powerless(async () => {
        for (const contract of ['emergencyGuardian', 'governor'] as const) {
          const act = (from: Address, action: string, target: Address) =>
            arena.refused(from, contract, 'executeEmergencyAction', [action, target])
          expect((await act(stranger, 'pause', marketplace))?.name).toBe(
            'AccessControlUnauthorizedAccount',
          )
          expect((await act(whale, 'pause', marketplace))?.name).toBe(
            'AccessControlUnauthorizedAccount',
          )
          for (const action of ['upgrade', 'withdraw', 'Pause', '']) {
            expect(await act(guardian, action, marketplace)).toEqual(
              because('EmergencyGuardianUnknownAction', action),
            )
          }
          // What is no breaker has no such function; an account without code swallows nothing either.
          for (const target of [fab, registry, stranger]) {
            expect(await act(guardian, 'pause', target)).toBeUndefined()
          }
          expect(await act(guardian, 'unpause', marketplace)).toEqual(because('BreakerNotPaused'))
        }
        expect(
          await arena.refused(guardian, 'emergencyGuardian', 'executeEmergencyActionFor', [
            ...[guardian, 'pause', marketplace],
          ]),
        ).toEqual(because('EmergencyGuardianNotGovernor', guardian))
      })
      const args = ['pause', marketplace]
      await arena.send(guardian, 'governor', 'executeEmergencyAction', args)
      const [level, until] = await arena.read<readonly [number, bigint]>(
        'marketplace',
        'circuitBreakerLevel',
      )
      expect(level).toBe(3)
      expect(until).toBe((await arena.now()) + BigInt(72 * hour))
    }),
  )

  test(
    'a parameter update reads the old value, and slashing can be expressed',
    apart(async () => {
      const update = {
        targetContract: arena.book.registry,
        functionSelector: setMinimumStake,
        parameterName: 'minimumStake',
        newValue: parseEther('500'),
      }
      const events = await arena.send(whale, 'governor', 'proposeParameterUpdate', [[update], 'p'])
      const proposed = events.find(({ eventName }) => eventName === 'ParameterUpdateProposed')
      const values = Object.values(proposed?.args as object)
      expect(values).toContain(parseEther('1000'))
      expect(values).toContain(parseEther('500'))

      const host = await arena.host(arena.of('host'))
      const slash = proposalTo(
        arena.book.registry,
        arena.encode('registry', 'slash', [host, parseEther('100'), arena.of('treasury'), 'why']),
      )
      await arena.send(whale, 'governor', 'propose', slash)
      await arena.wait(day + 1)
      await arena.send(whale, 'governor', 'castVote', [await idOf(slash), true])
      await arena.wait(7 * day)
      await step(stranger, 'queue', slash)
      await arena.wait(2 * day)
      await step(stranger, 'execute', slash)
      expect(await arena.read('registry', 'slashedUnclaimed', [arena.of('treasury')])).toBe(
        parseEther('100'),
      )
    }),
  )

  test(
    'the governor is no way to the timelock, and nobody slashes but by vote',
    apart(() =>
      powerless(async () => {
        const data = concatHex([setMinimumStake, pad('0x01')])
        const relay = ['relay', [arena.book.registry, 0n, data]] as const
        expect((await arena.refused(whale, 'governor', ...relay))?.name).toBe(
          'GovernorOnlyExecutor',
        )
        const slash = [whale, 1n, stranger, '']
        expect(await arena.refused(stranger, 'registry', 'slash', slash)).toEqual(
          because('NodeRegistryNotSlasher', stranger),
        )
        expect(await arena.read('timelock', 'hasRole', [pad('0x'), zeroAddress])).toBe(false)
      }),
    ),
  )
})
