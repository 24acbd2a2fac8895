import { useEffect, useRef } from 'react'
import type { FabstirClient } from '../clients/createFabstirClient.ts'
import type { Unwatch } from '../watch/watchEvents.ts'
import { hashKey } from './queryKey.ts'
import { useFabstirClient } from './useFabstirClient.ts'

type Handlers = {
  onEvents: (events: never, batch: never) => void | Promise<void>
  onError: (error: unknown, failure: never) => void
}

/**
 * Watches events of the chain for as long as the component is there: `useWatch(watchJobs, …)`, `watchSessions`,
 * `watchHosts`. It begins anew when client or parameters change, and calls the handlers of the last render.
 * @param parameters `undefined` as long as they are not known: nothing is watched then.
 * @example
 * useWatch(watchJobs, {
 *   jobId,
 *   onEvents: (events) => console.log(events.map(({ name }) => name)),
 *   onError: console.error,
 * })
 */
export function useWatch<parameters extends Handlers>(
  watch: (client: FabstirClient, parameters: parameters) => Unwatch,
  parameters: parameters | undefined,
): void {
  const client = useFabstirClient()
  const latest = useRef({ watch, parameters })
  useEffect(() => {
    latest.current = { watch, parameters }
  })
  // Handlers are new with every render, and what they do is not what is watched.
  const { onEvents: _, onError: __, ...options } = parameters ?? {}
  const key = parameters && hashKey([options])
  useEffect(() => {
    const { watch, parameters } = latest.current
    if (!client || key === undefined || !parameters) return undefined
    return watch(client, {
      ...parameters,
      onEvents: (events: never, batch: never) => latest.current.parameters?.onEvents(events, batch),
      onError: (error: unknown, failure: never) =>
        latest.current.parameters?.onError(error, failure),
    })
  }, [client, key])
}
