import {
  AbiDecodingZeroDataError,
  type Client,
  createClient,
  createPublicClient,
  custom,
  encodeFunctionData,
  encodeFunctionResult,
  type Hex,
} from 'viem'
import { foundry } from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { parseAbi } from './parseAbi.ts'
import { readContract } from './readContract.ts'

const abi = parseAbi(['function total(uint256 of) view returns (uint256 sum, bool done)'])
const address = '0x3300000000000000000000000000000000000033'
const read = { abi, address, functionName: 'total', args: [7n] } as const
const data = encodeFunctionData(read)

type Request = { method: string; params: [{ to: Hex; data: Hex }, ...unknown[]] }

function chain(answer: Hex = encodeFunctionResult({ abi, result: [5n, true] })) {
  const asked: Request[] = []
  const request = async (call: Request) => {
    asked.push(call)
    return answer
  }
  return { asked, transport: custom({ request }) }
}

describe.each([
  ['a bare client', createClient],
  ['a public client', createPublicClient],
])('%s', (_, create) => {
  test('is asked for the latest block, or the one that is named', async () => {
    const { asked, transport } = chain()
    const client: Client = create({ transport, chain: foundry })
    expect(await readContract(client, read)).toEqual([5n, true])
    await readContract(client, { ...read, blockNumber: 16n })
    await readContract(client, { ...read, blockTag: 'safe' })
    expect(asked.map(({ method, params }) => [method, params[0], params[1]])).toEqual(
      ['latest', '0x10', 'safe'].map((block) => ['eth_call', { to: address, data }, block]),
    )
  })

  test('says when there is no contract', async () => {
    const client: Client = create({ transport: chain('0x').transport })
    await expect(readContract(client, read)).rejects.toThrow(AbiDecodingZeroDataError)
  })
})

test('a client that batches by multicall does so', async () => {
  const { asked, transport } = chain('0x')
  const client = createPublicClient({
    transport,
    chain: foundry,
    batch: { multicall: { deployless: true } },
  })
  await Promise.allSettled([readContract(client, read), readContract(client, read)])
  expect(asked.map(({ params }) => params[0].to)).not.toContain(address)
  expect(asked).toHaveLength(1)
})
