import type { WriteClient } from '../../types/client.ts'

/** Takes the client out of an action's arguments. Type parameters of the action stay its own. */
export function bindTo(client: WriteClient) {
  return <args extends unknown[], result>(
    action: (client: WriteClient, ...args: args) => result,
  ): ((...args: args) => result) =>
    (...args) =>
      action(client, ...args)
}
