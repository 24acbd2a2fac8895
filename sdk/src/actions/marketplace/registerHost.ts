import type { Address } from 'viem'
import * as registry from '../../contracts/generated/nodeRegistry.ts'
import { type HostMetadata, parseMetadata, serializeMetadata } from '../../host/metadata.ts'
import type { TokenAmount } from '../../units/amounts.ts'
import { encodeCall } from '../encodeCall.ts'
import { parseEvent } from '../parseEvent.ts'
import type { PrepareClient } from '../preparedCalls.ts'
import { transferSpareGas, withPull } from '../pull.ts'
import { readView } from '../readView.ts'
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
  contract: 'registry',
  eventName: 'NodeRegistered',
  async prepare(client, { stake, ...metadata }) {
    const { registry: address, fab } = client.contracts
    const { minimum, missing } = await readMissingStake(client)
    const register = encodeCall(address, registry.registerNode, [serializeMetadata(metadata)])
    const registration = missing === 0n ? { calls: [register] } : withPull(register, fab, missing)
    const extra = (stake?.value ?? minimum) - minimum
    if (extra <= 0n) return registration
    const addition = withPull(encodeCall(address, registry.stake, [extra]), fab, extra)
    return {
      calls: [...registration.calls, ...addition.calls],
      spends: [{ token: fab, amount: missing + extra }],
      spareGas: 2n * transferSpareGas,
    }
  },
  parse(log) {
    const args = parseEvent(log, registry.NodeRegistered)
    if (!args) return undefined
    const { operator, controller, metadata } = args
    return { node: operator, controller, metadata: parseMetadata(metadata) }
  },
})

/** {@link registerHost} that waits for the registration. */
export const registerHostSync = toSync(registerHost)

/** The registry counts stake that is still unbonding before it pulls the rest of the minimum. */
async function readMissingStake(client: PrepareClient) {
  const address = client.contracts.registry
  const [minimum, { unbonding }] = await Promise.all([
    readView(client, address, registry.minimumStake, []),
    readView(client, address, registry.getNode, [client.account.address]),
  ])
  return { minimum, missing: unbonding < minimum ? minimum - unbonding : 0n }
}
