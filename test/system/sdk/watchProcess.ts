/** A process that follows deposits from its last cursor and keeps what stands, until it is killed or has seen `until`. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { balanceEvents, type EventCursor, followEvents } from '@fabstir/sdk'
import { devnet } from '@fabstir/sdk/chains'
import { createClient, http } from 'viem'

const [, , rpcUrl = '', file = '', until = '0'] = process.argv
const client = createClient({ chain: devnet, transport: http(rpcUrl, { retryCount: 0 }) })

type Kept = { cursor?: EventCursor; standing: string[]; removed: number }
const kept: Kept = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { standing: [], removed: 0 }

const batches = followEvents(
  { client, contracts: devnet.custom.fabstir },
  {
    events: { PrepaidDeposited: balanceEvents.PrepaidDeposited },
    pollingInterval: 20,
    maxBackOff: 50,
    ...(kept.cursor ? { fromCursor: kept.cursor } : { fromBlock: 0n }),
  },
)
for await (const { events, cursorAfter } of batches) {
  for (const [index, { args, removed }] of events.entries()) {
    const id = `${args.amount}`
    if (removed && kept.standing.pop() !== id) throw new Error(`${id} was not the newest`)
    if (removed) kept.removed += 1
    else kept.standing.push(id)
    kept.cursor = cursorAfter(index)
    // Events and cursor become one, or neither does.
    writeFileSync(`${file}.new`, JSON.stringify(kept))
    renameSync(`${file}.new`, file)
  }
  if (BigInt(kept.standing.at(-1) ?? 0) >= BigInt(until)) break
}
