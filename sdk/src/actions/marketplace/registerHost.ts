import { nodeRegistryAbi } from '@fabstir/contracts/abi'
import { type Address, encodeFunctionData } from 'viem'
import { readContract } from 'viem/actions'
import { type HostMetadata, parseMetadata, serializeMetadata } from '../../host/metadata.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { decodeEvent } from '../decodeEvent.ts'
import type { PrepareClient } from '../preparedCalls.ts'
import { withPull } from '../pull.ts'
import { defineWrite, toSync } from '../write.ts'

export type RegisterHostParameters = HostMetadata & {
  /** The registry's minimum by default. Less than the minimum registers with the minimum. */
  stake?: TokenAmount<'fab'> | undefined
}

export type RegisterHostEvent = {
  /** The account, which is now a host. */
  node: Address
  controller: Address
  metadata: HostMetadata
}

/**
 * Approves, stakes and registers the account as a host: one operation.
 * @throws {MetadataError} When a field cannot be written in the registry's form.
 * @throws {InsufficientBalanceError} When the account holds less FAB than the stake.
 * @example
 * await registerHost(client, { gpu: 'rtx4090', models: ['llama-70b'], region: 'us-west', stake: fab(1000) })
 */
export const registerHost = defineWrite<RegisterHostParameters, RegisterHostEvent>({
  eventName: 'NodeRegistered',
  async prepare(client, { stake, ...metadata }) {
    const { registry, fab } = client.contracts
    const { minimum, missing } = await readMissingStake(client)
    const register = encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'registerNode',
      args: [serializeMetadata(metadata)],
    })
    const registration =
      missing === 0n
        ? { calls: [{ to: registry, data: register }] }
        : withPull({ to: registry, data: register }, fab, missing)
    const extra = (stake?.value ?? minimum) - minimum
    if (extra <= 0n) return registration
    const add = encodeFunctionData({ abi: nodeRegistryAbi, functionName: 'stake', args: [extra] })
    const addition = withPull({ to: registry, data: add }, fab, extra)
    return {
      calls: [...registration.calls, ...addition.calls],
      spends: [{ token: fab, amount: missing + extra }],
    }
  },
  parse(log) {
    const args = decodeEvent(log, nodeRegistryAbi, 'NodeRegistered')
    if (!args) return undefined
    const { operator, controller, metadata } = args
    return { node: operator, controller, metadata: parseMetadata(metadata) }
  },
})

/** {@link registerHost} that waits for the registration. */
export const registerHostSync = toSync(registerHost)

/** The registry counts stake that is still unbonding before it pulls the rest of the minimum. */
async function readMissingStake({ client, contracts, account }: PrepareClient) {
  const registry = { abi: nodeRegistryAbi, address: contracts.registry } as const
  const [minimum, { unbonding }] = await Promise.all([
    readContract(client, { ...registry, functionName: 'minimumStake' }),
    readContract(client, { ...registry, functionName: 'getNode', args: [account.address] }),
  ])
  return { minimum, missing: unbonding < minimum ? minimum - unbonding : 0n }
}
