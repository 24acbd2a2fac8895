import { type SyncAction, toSync, type WriteAction } from '../../actions/write.ts'
import type { WriteClient } from '../../types/client.ts'

/** An action without its client. */
type Bound<action> = action extends (client: never, ...rest: infer rest) => infer result
  ? (...rest: rest) => result
  : never

/** Actions without their client; those that write in the form that waits too. */
export type BoundActions<actions> = {
  [name in keyof actions]: Bound<actions[name]>
} & {
  [name in keyof actions & string as actions[name] extends Writes
    ? `${name}Sync`
    : never]: actions[name] extends WriteAction<infer parameters, infer event extends object>
    ? Bound<SyncAction<parameters, event>>
    : never
}

/** What all actions that write have. */
type Writes = { call: (...parameters: never) => unknown; extractEvent: unknown }

/** Binds actions to a client: `x` resolves when the bundler has the operation, `xSync` with its event. */
export function bindActions<const actions extends Readonly<Record<string, Action>>>(
  client: WriteClient,
  actions: actions,
): BoundActions<actions> {
  const bound: Record<string, unknown> = {}
  for (const [name, action] of Object.entries(actions)) {
    bound[name] = bindAction(client, action)
    if (isWrite(action)) bound[`${name}Sync`] = bindAction(client, toSync(action))
  }
  return bound as BoundActions<actions>
}

/** Binds one action. Its type parameters stay its own. */
export function bindAction<args extends unknown[], result>(
  client: WriteClient,
  action: (client: WriteClient, ...args: args) => result,
): (...args: args) => result {
  return (...args) => action(client, ...args)
}

type Action = (client: WriteClient, ...args: never) => unknown

const isWrite = (action: Action): action is Action & WriteAction<object, object> =>
  Object.hasOwn(action, 'extractEvent')
