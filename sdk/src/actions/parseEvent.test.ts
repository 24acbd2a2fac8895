import {
  type Abi,
  type AbiEvent,
  type AbiParameter,
  decodeEventLog,
  type Hex,
  numberToHex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { generatedFiles } from '../../scripts/abiText.ts'
import { type AbiText, toAbi } from '../contracts/abiText.ts'
import { JobPosted } from '../contracts/generated/jobMarketplace.ts'
import { me } from '../testing/chain.ts'
import { testLog } from '../testing/logs.ts'
import { parseEvent } from './parseEvent.ts'

/** A value of a type, another one for each seed. */
function sample({ type, ...parameter }: AbiParameter, seed: number): unknown {
  if (type === 'tuple' && 'components' in parameter)
    return Object.fromEntries(
      parameter.components.map((member, index) => [member.name, sample(member, seed + index)]),
    )
  const [, element] = /^(.*)\[\]$/.exec(type) ?? []
  if (element) return [0, 1].map((index) => sample({ ...parameter, type: element }, seed + index))
  const [, bytes] = /^bytes(\d+)$/.exec(type) ?? []
  if (bytes) return numberToHex(seed, { size: Number(bytes) })
  if (type === 'address') return me
  if (type === 'bool') return seed % 2 === 1
  if (type === 'string') return `text ${seed}`
  if (type === 'bytes') return numberToHex(seed, { size: 40 })
  if (!/^u?int\d+$/.test(type)) throw new Error(`no sample of ${type}`)
  return Number(type.replace(/^u?int/, '')) > 48 ? BigInt(seed) : seed
}

const logOf = (text: AbiText<AbiEvent>) => {
  const [event] = toAbi(text)
  const inputs = event?.inputs ?? []
  const args = Object.fromEntries(
    inputs.map((input, index) => [input.name, sample(input, index + 1)]),
  )
  return testLog(toAbi(text) as Abi, event?.name ?? '', args, me)
}

const files = generatedFiles().filter(({ name }) => !name.endsWith('Errors'))

test.each(files)('reads every event of $name as viem does', async ({ path }) => {
  const exports: Record<string, AbiText<AbiEvent>> = await import(path)
  const events = Object.values(exports).filter(([text]) => text?.startsWith('event '))
  for (const text of events) {
    const log = logOf(text)
    const { args = {} } = decodeEventLog({ abi: toAbi(text) as Abi, ...log })
    expect(parseEvent(log, text)).toEqual(args)
  }
})

describe('another log is none', () => {
  const log = logOf(JobPosted as AbiText<AbiEvent>)
  const [selector = '0x', ...topics] = log.topics
  test.each([
    { name: 'of another event', topics: [numberToHex(1, { size: 32 }), ...topics] },
    { name: 'with fewer topics', topics: [selector, ...topics.slice(1)] },
    { name: 'without topics', topics: [] },
    { name: 'with too little data', data: '0x01' as Hex },
  ])('$name', (change) => {
    expect(parseEvent({ ...log, ...change } as typeof log, JobPosted)).toBeUndefined()
  })
})
