import type { Address, Client, Hash } from 'viem'
import { AllSessionKeysRevoked, SessionKeyAdded } from '../../contracts/generated/fabstirAccount.ts'
import { readLogs, topicOf } from '../../contracts/readLogs.ts'
import { parseEvent } from '../parseEvent.ts'

/** The last installation of a key, out of the account's events. */
export type Installation = {
  key: Address
  uses: number
  policyHash: Hash
  transactionHash: Hash
  /** Epoch in which it was installed; `undefined` when the block that it began in was not asked for. */
  epoch: number | undefined
  /** Another epoch has begun since. */
  epochIsOver: boolean
}

/** Last installations of the keys of an account, in their order on chain. */
export async function readInstallations(
  client: Client,
  { account, fromBlock }: { account: Address; fromBlock: bigint },
): Promise<Installation[]> {
  const logs = await readLogs(client, {
    address: account,
    topics: [[SessionKeyAdded, AllSessionKeysRevoked].map(topicOf)],
    fromBlock,
  })
  const last = new Map<Address, Omit<Installation, 'epochIsOver'>>()
  // The epoch of an account begins at 0.
  let epoch = fromBlock === 0n ? 0 : undefined
  for (const log of logs) {
    epoch = parseEvent(log, AllSessionKeysRevoked)?.epoch ?? epoch
    const added = parseEvent(log, SessionKeyAdded)
    if (!added || log.transactionHash === null) continue
    const { key, uses, policyHash } = added
    const { transactionHash } = log
    // A map keeps the place of a key that is set again.
    last.delete(key)
    last.set(key, { key, uses, policyHash, transactionHash, epoch })
  }
  return [...last.values()].map((installation) => ({
    ...installation,
    epochIsOver: installation.epoch !== epoch,
  }))
}
