import { describe, expect, test } from 'vitest'
import { createGathering } from './gathering.ts'

type Item = { name: string; size: number }

/** Groups that were sent, each with the function that lets it through. */
function gathering(options: { underWay?: number; waiting?: number } = {}) {
  const groups: { names: string; through: () => void; fail: (error: Error) => void }[] = []
  const gather = createGathering<Item>({
    underWay: 1,
    items: 3,
    size: 100,
    waiting: 10,
    ...options,
    send(items) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const names = items.map(({ name }) => name).join('')
      groups.push({ names, through: resolve, fail: reject })
      return promise
    },
  })
  const add = (names: string, size = 1) => {
    for (const name of names) gather({ name, size })
  }
  return { groups, add, sent: () => groups.map(({ names }) => names) }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('createGathering', () => {
  test('what comes in one turn is a group, at most so many', async () => {
    const { add, sent } = gathering({ underWay: 2 })
    add('ab')
    await Promise.resolve()
    add('cd')
    expect(sent()).toEqual([])
    await nextTurn()
    await nextTurn()
    expect(sent()).toEqual(['abc', 'd'])
  })

  test('a group has at most so much size, unless one alone has more', async () => {
    const { add, sent } = gathering({ underWay: 4 })
    add('ab', 50)
    add('c', 1)
    add('d', 500)
    add('e', 100)
    for (let turn = 0; turn < 4; turn++) await nextTurn()
    expect(sent()).toEqual(['ab', 'c', 'd', 'e'])
  })

  test('with enough under way items gather until one is through, whatever became of it', async () => {
    const { add, sent, groups } = gathering()
    add('a')
    await nextTurn()
    add('b')
    await nextTurn()
    add('c')
    await nextTurn()
    expect(sent()).toEqual(['a'])
    groups[0]?.fail(new Error('unreachable'))
    await nextTurn()
    await nextTurn()
    expect(sent()).toEqual(['a', 'bc'])
    groups[1]?.through()
    add('d')
    await nextTurn()
    await nextTurn()
    expect(sent()).toEqual(['a', 'bc', 'd'])
  })

  test('too many waiting: the next one is told to come back, and the others go on', async () => {
    const { add, sent } = gathering({ waiting: 2 })
    add('ab')
    expect(() => add('c')).toThrow(
      expect.objectContaining({ code: -32000, data: { reason: 'busy', waiting: 2 } }),
    )
    await nextTurn()
    expect(sent()).toEqual(['ab'])
  })
})
