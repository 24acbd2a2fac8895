import type { EIP1193Provider } from 'viem'
import { expect, test } from 'vitest'
import { announceProvider, type ProviderInfo, ProviderInfoError } from './announceProvider.ts'

const provider = { request: async () => null } as unknown as EIP1193Provider
const info: ProviderInfo = {
  name: 'Fabstir',
  icon: 'data:image/svg+xml,<svg/>',
  rdns: 'com.fabstir.wallet',
}

/** What the apps of a page hear. */
const listen = () => {
  const page = new EventTarget()
  const heard: { info: ProviderInfo; provider: unknown }[] = []
  page.addEventListener('eip6963:announceProvider', (event) =>
    heard.push((event as CustomEvent).detail),
  )
  return { page, heard }
}

test('is announced at once and to every app that asks, as one provider that nobody can change', () => {
  const { page, heard } = listen()
  announceProvider({ provider, info, target: page })
  page.dispatchEvent(new Event('eip6963:requestProvider'))
  const [first, second] = heard
  expect(first).toMatchObject({ info, provider })
  expect(second).toBe(first)
  expect(first?.info.uuid).toMatch(/^[\da-f-]{36}$/)
  expect(Object.isFrozen(first) && Object.isFrozen(first?.info)).toBe(true)
})

test.each([
  ['name', { name: '' }],
  ['icon', { icon: 'https://fabstir.example/icon.svg' as 'data:image/' }],
  ['rdns', { rdns: 'fabstir' }],
])('a wrong %s is refused, and nothing is announced', (field, wrong) => {
  const { page, heard } = listen()
  const announce = () => announceProvider({ provider, info: { ...info, ...wrong }, target: page })
  expect(announce).toThrow(ProviderInfoError)
  expect(announce).toThrow(field)
  expect(heard).toEqual([])
})
