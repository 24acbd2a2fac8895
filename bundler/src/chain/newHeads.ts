import type { Block, RpcBlock } from './block.ts'
import { toBlock } from './block.ts'

export type NewHeads = {
  /** Whether the node tells new heads by itself now. */
  isLive(): boolean
  close(): void
}

/** Milliseconds until a lost connection is made again. */
const RECONNECT_MS = 1_000

/**
 * `eth_subscribe("newHeads")` over WebSocket, connected again for as long as it is wanted.
 * @param url `ws:` or `wss:`.
 */
export function subscribeNewHeads(deps: {
  url: string
  onHead: (head: Block) => void
  /** The connection is there, or gone; without it heads have to be polled. */
  onChange?: (isLive: boolean) => void
}): NewHeads {
  let socket: WebSocket | undefined
  let timer: NodeJS.Timeout | undefined
  let live = false
  let closed = false

  function setLive(next: boolean) {
    if (live === next) return
    live = next
    deps.onChange?.(next)
  }

  function connect() {
    const opened = new WebSocket(deps.url)
    socket = opened
    opened.onopen = () => {
      opened.send(
        JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }),
      )
    }
    opened.onmessage = ({ data }) => {
      const message = parse(String(data))
      if (message?.id === 1 && typeof message.result === 'string') setLive(true)
      const head = message?.method === 'eth_subscription' ? message.params?.result : undefined
      const block = head && toCompleteBlock(head)
      if (block) deps.onHead(block)
    }
    // `onerror` is always followed by `onclose`.
    opened.onclose = () => {
      setLive(false)
      if (!closed) timer = setTimeout(connect, RECONNECT_MS)
    }
  }

  connect()
  return {
    isLive: () => live,
    close() {
      closed = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}

type Message = {
  id?: unknown
  result?: unknown
  method?: string
  params?: { result?: RpcBlock }
}

/** Some nodes announce less than a header, and what a listener throws would end the process. */
function toCompleteBlock(head: RpcBlock): Block | undefined {
  if (!head.hash || !head.parentHash) return undefined
  try {
    const block = toBlock(head)
    return Number.isNaN(block.number + block.timestamp) ? undefined : block
  } catch {
    return undefined
  }
}

function parse(text: string): Message | undefined {
  try {
    return JSON.parse(text) as Message
  } catch {
    return undefined
  }
}
