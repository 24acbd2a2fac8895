import {
  fabstirAccountAbi,
  fabTokenAbi,
  jobMarketplaceAbi,
  nodeRegistryAbi,
  proofSystemAbi,
} from '@fabstir/contracts/abi'
import type { Address, Hex } from 'viem'
import { encodeFunctionData, slice, toFunctionSelector, zeroAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import {
  claimJob,
  document,
  encodeExecute,
  parties,
  ruleOf,
} from '../testing/sponsorshipRequest.ts'

const { marketplace, registry, proofSystem, fab, usdc, sender, stranger } = parties
const approve = (spender: Address) =>
  encodeFunctionData({ abi: fabTokenAbi, functionName: 'approve', args: [spender, 5n] })
const withdraw = (to: Address) =>
  encodeFunctionData({
    abi: jobMarketplaceAbi,
    functionName: 'withdraw',
    args: [zeroAddress, to],
  })
const grant = encodeFunctionData({
  abi: fabstirAccountAbi,
  functionName: 'addSessionKey',
  args: [stranger, 9],
})

describe('defaultMarketplacePolicy', () => {
  test.each<{
    name: string
    calls: { target: Address; data: Hex; value?: bigint }[]
    rule: string | undefined
  }>([
    {
      name: 'FAB for the registry, then registering',
      calls: [
        { target: fab, data: approve(registry) },
        {
          target: registry,
          data: encodeFunctionData({
            abi: nodeRegistryAbi,
            functionName: 'registerNode',
            args: ['gpu:x'],
          }),
        },
      ],
      rule: undefined,
    },
    {
      name: 'FAB for the marketplace',
      calls: [{ target: fab, data: approve(marketplace) }],
      rule: 'calls.argument',
    },
    {
      name: 'USDC for the marketplace',
      calls: [{ target: usdc, data: approve(marketplace) }],
      rule: undefined,
    },
    {
      name: 'USDC for the registry',
      calls: [{ target: usdc, data: approve(registry) }],
      rule: 'calls.argument',
    },
    {
      name: 'USDC for a stranger after a listed call',
      calls: [
        { target: marketplace, data: claimJob },
        { target: usdc, data: approve(stranger) },
      ],
      rule: 'calls.argument',
    },
    {
      name: 'an approval cut short',
      calls: [{ target: usdc, data: slice(approve(marketplace), 0, 35) }],
      rule: 'calls.argument',
    },
    {
      name: 'an approval with dirty address bits',
      calls: [{ target: usdc, data: `0x095ea7b301${approve(marketplace).slice(12)}` }],
      rule: 'calls.argument',
    },
    {
      name: 'ETH for a job that takes some',
      calls: [
        {
          target: marketplace,
          value: 5n,
          data: encodeFunctionData({
            abi: jobMarketplaceAbi,
            functionName: 'createJob',
            args: ['llama-70b', `0x${'11'.repeat(32)}`, 5n, 9n],
          }),
        },
      ],
      rule: undefined,
    },
    {
      name: 'ETH for a function that takes none',
      calls: [{ target: marketplace, value: 1n, data: claimJob }],
      rule: 'calls.value',
    },
    {
      name: 'an approval with bytes after it',
      calls: [{ target: usdc, data: `${approve(marketplace)}00` }],
      rule: 'calls.argument',
    },
    {
      name: 'a token transfer',
      calls: [
        {
          target: fab,
          data: encodeFunctionData({
            abi: fabTokenAbi,
            functionName: 'transfer',
            args: [stranger, 1n],
          }),
        },
      ],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a withdrawal to the account',
      calls: [{ target: marketplace, data: withdraw(sender) }],
      rule: undefined,
    },
    {
      name: 'a withdrawal of ETH to a contract of anybody',
      calls: [{ target: marketplace, data: withdraw(stranger) }],
      rule: 'calls.argument',
    },
    {
      name: 'plain ETH to the marketplace',
      calls: [{ target: marketplace, data: '0x', value: 1n }],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a stranger with a listed selector',
      calls: [{ target: stranger, data: claimJob }],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a governance function of the marketplace',
      calls: [
        {
          target: marketplace,
          data: encodeFunctionData({
            abi: jobMarketplaceAbi,
            functionName: 'setTreasury',
            args: [stranger],
          }),
        },
      ],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a session key on the account',
      calls: [{ target: sender, data: grant }],
      rule: undefined,
    },
    {
      name: 'a session key on another account',
      calls: [{ target: stranger, data: grant }],
      rule: 'calls.not-allowed',
    },
    {
      name: 'a nested execute on the account',
      calls: [{ target: sender, data: encodeExecute([]) }],
      rule: 'calls.nested',
    },
  ])('$name: $rule', ({ calls, rule }) => {
    expect(ruleOf({ callData: encodeExecute(calls) })).toBe(rule)
  })

  test('claimJobViaSessionKey only for the account itself', () => {
    const claim = (wallet: Address) =>
      encodeFunctionData({
        abi: fabstirAccountAbi,
        functionName: 'claimJobViaSessionKey',
        args: [wallet, 1n],
      })
    expect(ruleOf({ callData: claim(sender) })).toBeUndefined()
    expect(ruleOf({ callData: claim(stranger) })).toBe('calls.argument')
  })

  test('counts the operations of a sender, so that signatures that are not used are not free', () => {
    expect(document.caps.user).toMatchObject({ window: 'day', count: 500 })
  })

  test('every function it lists exists in the contracts', () => {
    const selectorsOf = (abi: readonly { type: string }[]) =>
      abi
        .filter((item) => item.type === 'function')
        .map((item) => toFunctionSelector(item as never))
    const existing = new Map([
      [marketplace, selectorsOf(jobMarketplaceAbi)],
      [registry, selectorsOf(nodeRegistryAbi)],
      [fab, selectorsOf(fabTokenAbi)],
      [usdc, selectorsOf(fabTokenAbi)],
      [proofSystem, selectorsOf(proofSystemAbi)],
      ['account', selectorsOf(fabstirAccountAbi)],
    ])
    const missing = document.calls.flatMap(({ target, functions }) =>
      functions.filter((name) => !existing.get(target)?.includes(toFunctionSelector(name))),
    )
    expect(missing).toEqual([])
  })
})
