import type { Address, Client, Hash } from 'viem'
import { getContractEvents } from 'viem/actions'
import { toAbi } from '../../contracts/abiText.ts'
import * as fabstirAccount from '../../contracts/generated/fabstirAccount.ts'

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
  const logs = await getContractEvents(client, {
    abi: [...toAbi(fabstirAccount.SessionKeyAdded), ...toAbi(fabstirAccount.AllSessionKeysRevoked)],
    address: account,
    fromBlock,
    strict: true,
  })
  const last = new Map<Address, Omit<Installation, 'epochIsOver'>>()
  // The epoch of an account begins at 0.
  let epoch = fromBlock === 0n ? 0 : undefined
  for (const { eventName, args, transactionHash } of logs) {
    if (eventName === 'AllSessionKeysRevoked') epoch = args.epoch
    if (eventName !== 'SessionKeyAdded') continue
    const { key, uses, policyHash } = args
    // A map keeps the place of a key that is set again.
    last.delete(key)
    last.set(key, { key, uses, policyHash, transactionHash, epoch })
  }
  return [...last.values()].map((installation) => ({
    ...installation,
    epochIsOver: installation.epoch !== epoch,
  }))
}
