import { describe, expect, test } from 'vitest'
import { createFeeOracle } from './feeOracle.ts'

/** A node with these answers, which counts what it is asked. */
function node(history: { baseFeePerGas: string[]; reward?: string[][]; gasUsedRatio: number[] }) {
  const asked: string[] = []
  return {
    asked,
    reader: {
      async request(method: string) {
        asked.push(method)
        return method === 'eth_feeHistory' ? history : '0x64'
      },
    },
  }
}

const blocks = (...rows: [number, string[]][]) => ({
  baseFeePerGas: ['0x1', '0x3e8'],
  gasUsedRatio: rows.map(([ratio]) => ratio),
  reward: rows.map(([, reward]) => reward),
})

describe('gasPrice', () => {
  test('the base fee is that of the next block', async () => {
    const { gasPrice } = createFeeOracle(node(blocks()))
    expect((await gasPrice()).baseFee).toBe(1000n)
  })

  test('empty blocks say nothing about priority fees', async () => {
    const { gasPrice } = createFeeOracle(node(blocks([0, ['0x0', '0x0', '0x0']])))
    const { slow, standard, fast } = await gasPrice()
    expect([slow, standard, fast].map((fees) => fees.maxPriorityFeePerGas)).toEqual([
      100n,
      100n,
      100n,
    ])
  })

  test('full blocks lower the slow and raise the fast priority fee', async () => {
    const row = ['0xa', '0x64', '0x3e8']
    const { gasPrice } = createFeeOracle(node(blocks([0.5, row], [0.9, row], [1, row])))
    const { slow, standard, fast } = await gasPrice()
    expect([slow, standard, fast].map((fees) => fees.maxPriorityFeePerGas)).toEqual([
      10n,
      100n,
      1000n,
    ])
  })

  test('within its age an answer is given again', async () => {
    let time = 0
    const { reader, asked } = node(blocks())
    const { gasPrice } = createFeeOracle({ reader, maxAgeMs: 1000, now: () => time })
    await Promise.all([gasPrice(), gasPrice()])
    time = 999
    await gasPrice()
    expect(asked).toHaveLength(2)
    time = 1000
    await gasPrice()
    expect(asked).toHaveLength(4)
  })

  test('a failure is not kept', async () => {
    let failing = true
    const good = node(blocks())
    const { gasPrice } = createFeeOracle({
      reader: {
        async request(method) {
          if (failing) throw new Error('no node')
          return good.reader.request(method)
        },
      },
      maxAgeMs: 1000,
      now: () => 0,
    })
    await expect(gasPrice()).rejects.toThrow('no node')
    failing = false
    expect((await gasPrice()).baseFee).toBe(1000n)
  })

  test('an answer is used for one block, and no longer than its time', async () => {
    let time = 0
    const { reader, asked } = node(blocks())
    const { gasPrice, refresh } = createFeeOracle({ reader, maxAgeMs: 1_000, now: () => time })
    const questions = async () => {
      await gasPrice()
      return asked.filter((method) => method === 'eth_feeHistory').length
    }
    expect(await questions()).toBe(1)
    time = 999
    expect(await questions()).toBe(1)
    refresh()
    expect(await questions()).toBe(2)
    time = 1_999
    expect(await questions()).toBe(3)
  })
})
