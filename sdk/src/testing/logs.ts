import {
  type Abi,
  type AbiEvent,
  type Address,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  type Log,
} from 'viem'

/** A log as a contract would have written it. */
export function testLog(
  abi: Abi,
  eventName: string,
  args: Readonly<Record<string, unknown>>,
  address: Address,
): Log {
  const event = abi.find(
    (item): item is AbiEvent => item.type === 'event' && item.name === eventName,
  )
  if (!event) throw new Error(`no event ${eventName}`)
  const plain = event.inputs.filter(({ indexed }) => !indexed)
  return {
    address,
    topics: encodeEventTopics({ abi, eventName, args } as never) as [Hex, ...Hex[]],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name ?? '']),
    ),
    blockHash: `0x${'00'.repeat(32)}`,
    blockNumber: 1n,
    logIndex: 0,
    transactionHash: `0x${'00'.repeat(32)}`,
    transactionIndex: 0,
    removed: false,
  } as Log
}
