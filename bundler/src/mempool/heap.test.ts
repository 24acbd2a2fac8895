import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHeap } from './heap.ts'

test('items come out in order, however they went in', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.array(fc.integer()), (filled, pushed) => {
      const heap = createHeap<number>((a, b) => a < b)
      heap.fill(filled)
      for (const item of pushed) heap.push(item)
      const sorted = [...filled, ...pushed].sort((a, b) => a - b)
      expect(heap.peek()).toBe(sorted[0])
      const out: number[] = []
      while (heap.size() > 0) out.push(heap.pop() as number)
      expect(out).toEqual(sorted)
      expect(heap.pop()).toBeUndefined()
    }),
  )
})
