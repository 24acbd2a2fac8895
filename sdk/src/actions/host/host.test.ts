import { getAddress, keccak256, stringToHex, zeroHash } from 'viem'
import { describe, expect, test } from 'vitest'
import { testContracts as contracts } from '../../testing/addressBook.ts'
import { callsOf, chainWith, logOf, me } from '../../testing/chain.ts'
import { eth, fab, usdc } from '../../units/amounts.ts'
import { registerHost } from '../marketplace/registerHost.ts'
import { requestUnstake } from '../marketplace/requestUnstake.ts'
import { unregisterHost } from '../marketplace/unregisterHost.ts'
import { acceptControl } from './acceptControl.ts'
import { addStake } from './addStake.ts'
import { cancelControlledNode } from './cancelControlledNode.ts'
import { claimSlashed } from './claimSlashed.ts'
import { registerControlledNode } from './registerControlledNode.ts'
import { setAccepting } from './setAccepting.ts'
import { setMaxSessions } from './setMaxSessions.ts'
import { setMetadata } from './setMetadata.ts'
import { setModels } from './setModels.ts'
import { setPrice } from './setPrice.ts'
import { withdrawUnstaked } from './withdrawUnstaked.ts'

const operator = '0x2200000000000000000000000000000000000022'
const usdcToken = getAddress(contracts.usdc)
const llama = keccak256(stringToHex('llama-70b'))
const metadata = 'gpu:h100,models:llama-70b,region:eu'
const published = { gpu: 'h100', models: ['llama-70b'], region: 'eu' }

describe('calls', () => {
  test.each([
    [
      addStake.call({ amount: fab(5) }),
      ['approve', contracts.registry, fab(5).value],
      ['stake', fab(5).value],
    ],
    [
      addStake.call({ amount: fab(5), operator }),
      ['approve', contracts.registry, fab(5).value],
      ['stakeControlled', operator, fab(5).value],
    ],
    [requestUnstake.call({ amount: fab(5) }), ['requestUnstake', fab(5).value]],
    [
      requestUnstake.call({ amount: fab(5), operator }),
      ['requestUnstakeControlled', operator, fab(5).value],
    ],
    [withdrawUnstaked.call(), ['withdrawUnstaked']],
    [withdrawUnstaked.call({ operator }), ['withdrawControlled', operator]],
    [unregisterHost.call(), ['unregisterNode']],
    [unregisterHost.call({ operator }), ['unregisterControlledNode', operator]],
    [setMetadata.call(published), ['updateMetadata', metadata]],
    [setAccepting.call({ accepting: false }), ['setAccepting', false]],
    [setModels.call({ models: ['llama-70b', zeroHash] }), ['setModels', [llama, zeroHash]]],
    [setPrice.call({ pricePer1000: usdc('0.0002') }), ['setPrice', zeroHash, usdcToken, 200n]],
    [
      setPrice.call({ model: 'llama-70b', pricePer1000: eth('0.001') }),
      ['setPrice', llama, `0x${'00'.repeat(20)}`, 10n ** 15n],
    ],
    [setMaxSessions.call({ maxSessions: 8 }), ['setMaxSessions', 8n]],
    [acceptControl.call({ controller: operator }), ['acceptControl', operator]],
    [cancelControlledNode.call({ operator }), ['cancelControlledNode', operator]],
    [claimSlashed.call(), ['claimSlashed']],
  ])('%#: $1', async (call, ...expected) => {
    expect((await callsOf(call)).map(([, ...rest]) => rest)).toEqual(expected)
  })

  test('a controlled node is paid with the minimum of now', async () => {
    const chain = chainWith({ registry: { minimumStake: fab(1000).value } })
    const call = registerControlledNode.call({ operator, ...published })
    expect(await callsOf(call, chain)).toEqual([
      ['fab', 'approve', contracts.registry, fab(1000).value],
      ['registry', 'registerControlledNode', metadata, operator],
    ])
    expect((await call.prepare(chain)).spends).toEqual([
      { token: contracts.fab, amount: fab(1000).value },
    ])
  })
})

describe('events', () => {
  const node = { operator, controller: me }
  test.each([
    [
      addStake,
      'StakeAdded',
      { operator, amount: 1n, stake: 3n },
      { node: operator, amount: 1n, stake: 3n },
    ],
    [
      requestUnstake,
      'UnstakeRequested',
      { operator, amount: 1n, endsAt: 9 },
      { node: operator, amount: 1n, endsAt: 9 },
    ],
    [withdrawUnstaked, 'StakeWithdrawn', { operator, amount: 1n }, { node: operator, amount: 1n }],
    [unregisterHost, 'NodeUnregistered', { operator }, { node: operator }],
    [
      setMetadata,
      'MetadataUpdated',
      { operator, metadata },
      { node: operator, metadata: published },
    ],
    [
      setAccepting,
      'AcceptingSet',
      { operator, accepting: false },
      { node: operator, accepting: false },
    ],
    [setModels, 'ModelsSet', { operator, models: [llama] }, { node: operator, models: [llama] }],
    [
      setPrice,
      'PriceSet',
      { operator, model: llama, token: usdcToken, pricePer1000: 2n },
      { node: operator, model: llama, token: usdcToken, pricePer1000: 2n },
    ],
    [
      setMaxSessions,
      'MaxSessionsSet',
      { operator, maxSessions: 8n },
      { node: operator, maxSessions: 8n },
    ],
    [
      registerControlledNode,
      'ControlProposed',
      { ...node, stake: 1n, metadata },
      { ...node, stake: 1n, metadata: published },
    ],
    [acceptControl, 'ControllerSet', node, { node: operator, controller: me }],
    [cancelControlledNode, 'ControlCancelled', { ...node, stake: 1n }, { ...node, stake: 1n }],
    [claimSlashed, 'SlashedClaimed', { recipient: me, amount: 1n }, { recipient: me, amount: 1n }],
  ])('%#: $1', (action, eventName, args, expected) => {
    expect(action.extractEvent([logOf('registry', eventName, args)])).toEqual(expected)
  })

  test('stake that a registration adds is not that of addStake in the same batch', () => {
    const added = (amount: bigint) =>
      logOf('registry', 'StakeAdded', { operator: me, amount, stake: 9n })
    const registered = logOf('registry', 'NodeRegistered', {
      operator: me,
      controller: me,
      stake: 7n,
      metadata: 'models:m',
    })
    const { rest } = registerHost
      .call({ models: ['m'], stake: fab(1500) })
      .takeEvent([registered, added(fab(500).value), added(fab(3).value)])
    expect(addStake.call({ amount: fab(3) }).takeEvent(rest).event.amount).toBe(fab(3).value)
  })
})
