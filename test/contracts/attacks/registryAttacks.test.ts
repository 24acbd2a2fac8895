import { type Address, concatHex, pad, parseEther, toFunctionSelector, zeroAddress } from 'viem'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Arena, because, functionsOf, openArena } from './arena.ts'

const metadata = 'gpu:rtx4090,models:llama-70b'
const minimum = parseEther('1000')
const [minute, day] = [60, 86_400]

let arena: Arena
let host: Address
let renter: Address
let controller: Address
let operator: Address
let stranger: Address
beforeAll(async () => {
  arena = await openArena()
  host = await arena.host(arena.of('host'))
  renter = arena.of('renter')
  stranger = arena.of('anyone')
  controller = await arena.actor('controller')
  operator = await arena.actor('operator')
  await arena.give.fab(controller, '20000')
  await arena.approve(controller, 'fab', arena.book.registry)
})

const apart = (run: () => Promise<void>) => () => arena.apart(run)()
const parties = () => [host, renter, controller, operator, stranger]
const node = (address: Address) =>
  arena.read<{ controller: Address; stake: bigint; unbonding: bigint }>('registry', 'getNode', [
    address,
  ])
const control = async (of: Address) => {
  await arena.send(controller, 'registry', 'registerControlledNode', [metadata, of])
  await arena.send(of, 'registry', 'acceptControl', [controller])
}

describe('X-34 nobody is registered without its consent, and everybody can leave', () => {
  test(
    'registerNodeFor does not exist, and an offer of control makes no node',
    apart(async () => {
      expect(functionsOf('registry').filter((name) => /(node|stake)For$/i.test(name))).toEqual([])
      await arena.harmless(parties(), async () => {
        const data = concatHex([
          toFunctionSelector('registerNodeFor(address,string)'),
          pad(operator),
        ])
        expect(await arena.refusedRaw(stranger, arena.book.registry, data)).toBeUndefined()
      })
      await arena.send(controller, 'registry', 'registerControlledNode', [metadata, operator])
      expect(await node(operator)).toMatchObject({ controller: zeroAddress, stake: 0n })
      expect(await arena.read('registry', 'isActiveNode', [operator])).toBe(false)
      await arena.harmless(parties(), async () => {
        for (const attacker of [controller, stranger]) {
          expect(await arena.refused(attacker, 'registry', 'acceptControl', [controller])).toEqual(
            because('NodeRegistryNoControlPending', attacker, controller),
          )
        }
        expect(
          await arena.refused(stranger, 'registry', 'cancelControlledNode', [operator]),
        ).toEqual(because('NodeRegistryNoControlPending', operator, stranger))
      })
      // An operator that never asked for it registers by itself; the offer goes back in full.
      await arena.host(operator)
      expect((await node(operator)).controller).toBe(operator)
      await arena.send(controller, 'registry', 'cancelControlledNode', [operator])
      expect(await arena.read('fab', 'balanceOf', [controller])).toBe(parseEther('20000'))
    }),
  )

  test(
    'a stake that another one paid goes back to who paid it, whichever of the two leaves',
    apart(async () => {
      await control(operator)
      await arena.harmless(parties(), async () => {
        for (const [attacker, name, args] of [
          [operator, 'requestUnstake', [minimum]],
          [stranger, 'unregisterControlledNode', [operator]],
          [host, 'requestUnstakeControlled', [operator, minimum]],
          [stranger, 'withdrawControlled', [operator]],
        ] as const) {
          expect(await arena.refused(attacker, 'registry', name, args), name).toEqual(
            because('NodeRegistryNotPayer', operator, controller),
          )
        }
      })
      await arena.send(operator, 'registry', 'unregisterNode')
      await arena.wait(7 * day)
      await arena.send(operator, 'registry', 'withdrawUnstaked')
      expect(await arena.read('fab', 'balanceOf', [operator])).toBe(0n)
      expect(await arena.read('fab', 'balanceOf', [controller])).toBe(parseEther('20000'))
      expect(await arena.refused(operator, 'registry', 'withdrawUnstaked')).toEqual(
        because('NodeRegistryNothingUnbonding', operator),
      )
    }),
  )

  test(
    'a host leaves and comes back with its stake',
    apart(async () => {
      await arena.send(host, 'registry', 'unregisterNode')
      await arena.wait(7 * day)
      await arena.send(host, 'registry', 'withdrawUnstaked')
      expect(await arena.read('fab', 'balanceOf', [host])).toBe(minimum)
      await arena.send(host, 'registry', 'registerNode', [metadata])
      expect(await arena.read('registry', 'isActiveNode', [host])).toBe(true)
    }),
  )
})

describe('X-35 the registration limit refills', () => {
  test(
    'ten an hour by whichever function, for each controller, and one more every six minutes',
    apart(async () => {
      for (let i = 0; i < 10; i++) {
        const one = await arena.actor(`operator ${i}`)
        await arena.send(controller, 'registry', 'registerControlledNode', [metadata, one])
      }
      const more = await arena.actor('one too many')
      await arena.harmless(parties(), async () => {
        for (const [name, args] of [
          ['registerControlledNode', [metadata, more]],
          ['registerNode', [metadata]],
        ] as const) {
          expect((await arena.refused(controller, 'registry', name, args))?.name).toBe(
            'NodeRegistryTooManyRegistrations',
          )
        }
      })
      // Its burst is nobody else's concern.
      await arena.host(stranger)
      await arena.wait(6 * minute)
      await arena.send(controller, 'registry', 'registerControlledNode', [metadata, more])
      await arena.wait(30 * day)
      for (let i = 10; i < 20; i++) {
        const one = await arena.actor(`operator ${i}`)
        await arena.give.fab(controller, '1000')
        await arena.send(controller, 'registry', 'registerControlledNode', [metadata, one])
      }
    }),
  )
})

describe('X-42 no migration writes what is not paid for', () => {
  test(
    'nobody imports stakes or scores here, and jobs can be imported by nothing',
    apart(() =>
      arena.harmless(parties(), async () => {
        const attackers = [stranger, arena.of('deployer'), arena.book.timelock]
        for (const attacker of attackers) {
          const args = [attacker, attacker, minimum, metadata]
          expect(await arena.refused(attacker, 'registry', 'importStake', args)).toEqual(
            because('NodeRegistryNotMigrator', attacker),
          )
          expect(
            await arena.refused(attacker, 'reputation', 'importScores', [[attacker], [1_000]]),
          ).toEqual(because('ReputationNotMigrator', attacker))
          // Once closed it cannot be closed again, so it was closed.
          expect(await arena.refused(attacker, 'registry', 'closeImport')).toEqual(
            because('NodeRegistryNotMigrator', attacker),
          )
        }
        const names = functionsOf('marketplace')
        expect(names.filter((name) => /import|migrat|helper/i.test(name))).toEqual([])
        for (const name of ['registry', 'reputation', 'marketplace'] as const) {
          const initializer = functionsOf(name).includes('initialize')
          expect(initializer, name).toBe(true)
        }
      }),
    ),
  )

  test(
    'a migrator pays for every stake that it writes',
    apart(async () => {
      const impostor = await arena.actor('migrator')
      // Storage as after a deployment with this migrator: the role is given to nobody later.
      const registry = arena.book.registry
      const before = await arena.read<Address>('registry', 'migrator')
      expect(before).toBe(zeroAddress)
      const slot = await migratorSlot()
      await arena.testClient.setStorageAt({ address: registry, index: slot, value: pad(impostor) })
      expect(await arena.read('registry', 'migrator')).toBe(impostor)
      await arena.approve(impostor, 'fab', registry)
      await arena.harmless([...parties(), impostor], async () => {
        const args = [operator, controller, minimum, metadata]
        expect(await arena.refused(impostor, 'registry', 'importStake', args)).toEqual(
          because('ERC20InsufficientBalance', impostor, 0n, minimum),
        )
      })
    }),
  )
})

/** Slot of `migrator` in the registry's namespace: fab and periods, minima, marketplace, proof system, migrator. */
async function migratorSlot() {
  const namespace = 0xb1849ed940e121315e41d940d6962b30ef7ab820ff68efd5f67fc07a1fb98a00n
  for (let offset = 0n; offset < 8n; offset++) {
    const slot = pad(`0x${(namespace + offset).toString(16)}`)
    const word = await arena.publicClient.getStorageAt({
      address: arena.book.registry,
      slot,
    })
    const previous = await arena.publicClient.getStorageAt({
      address: arena.book.registry,
      slot: pad(`0x${(namespace + offset - 1n).toString(16)}`),
    })
    const holdsProofSystem = previous === pad(arena.book.proofSystem).toLowerCase()
    if (holdsProofSystem && BigInt(word ?? 0) === 0n) return slot
  }
  throw new Error('the registry has no migrator')
}

describe('row 30 a controller is one, however many nodes it runs', () => {
  test(
    'node B cannot take the job that node A of the same controller gave up',
    apart(async () => {
      const second = await arena.actor('second operator')
      await control(operator)
      await control(second)
      const id = await arena.job(renter, parseEther('1'))
      await arena.send(operator, 'marketplace', 'claimJob', [id])
      await arena.send(operator, 'marketplace', 'abandonClaim', [id])
      expect(await arena.read('registry', 'slashedUnclaimed', [renter])).toBe(parseEther('20'))
      await arena.send(controller, 'registry', 'stakeControlled', [operator, parseEther('20')])
      await arena.send(controller, 'registry', 'registerNode', [metadata])
      await arena.harmless([...parties(), second], async () => {
        for (const attacker of [operator, second, controller]) {
          expect(await arena.refused(attacker, 'marketplace', 'claimJob', [id])).toEqual(
            because('JobControllerBarred', id, controller),
          )
        }
      })
      // Three nodes: it shows.
      expect(await arena.read('registry', 'isSuspiciousController', [controller])).toBe(true)
      await arena.send(host, 'marketplace', 'claimJob', [id])
    }),
  )

  test(
    'a controller does not work for itself through a node',
    apart(async () => {
      await control(operator)
      const id = await arena.job(controller, parseEther('1'))
      await arena.harmless(parties(), async () => {
        expect(await arena.refused(operator, 'marketplace', 'claimJob', [id])).toEqual(
          because('MarketplaceSelfDealing', controller),
        )
      })
    }),
  )
})
