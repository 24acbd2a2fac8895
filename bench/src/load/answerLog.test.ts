import { expect, test } from 'vitest'
import { createAnswerLog } from './answerLog.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test('answers come back by their index, whatever came first, in parts or whole', () => {
  const log = createAnswerLog(4)
  log.keep(2, [bytes('third')])
  log.keep(0, [bytes('fi'), bytes('rst')])
  log.keep(3, [])
  expect(log.texts()).toEqual(['first', '', 'third', ''])
})

test('a letter may be cut in two by the parts', () => {
  const log = createAnswerLog(1)
  const [first, second] = bytes('é')
  log.keep(0, [new Uint8Array([first ?? 0]), new Uint8Array([second ?? 0])])
  expect(log.texts()).toEqual(['é'])
})

test('more than one buffer holds comes back whole', () => {
  const large = (letter: string) => letter.repeat(9 << 20)
  const log = createAnswerLog(3)
  for (const [index, letter] of ['a', 'b', 'c'].entries()) log.keep(index, [bytes(large(letter))])
  const huge = createAnswerLog(1)
  huge.keep(0, [bytes('d'.repeat(17 << 20))])
  expect(log.texts().map((text) => [text[0], text.length])).toEqual([
    ['a', 9 << 20],
    ['b', 9 << 20],
    ['c', 9 << 20],
  ])
  expect(huge.texts()[0]).toHaveLength(17 << 20)
})
