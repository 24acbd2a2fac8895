import { expect, test } from 'vitest'
import { BoundedMap } from './boundedMap.ts'

test('it forgets what was set longest ago: setting again counts, getting does not', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  map.set('a', 3)
  map.get('b')
  map.set('c', 4)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([3, undefined, 4])
})

test('what was taken is gone, and leaves its place to another', () => {
  const map = new BoundedMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  expect(map.take('a')).toBe(1)
  expect(map.take('a')).toBeUndefined()
  map.set('c', 3)
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, 3])
})
