/** What an answer must never show: the inside of the process, its files, its secrets. */
const INSIDE = [
  /node_modules/,
  /\bat \S+ \(?\S+:\d+:\d+/,
  /file:\/\//,
  /\.ts\b/,
  /\b(Type|Range|Reference|Syntax)Error\b/,
  /ECONN|EPIPE|ENOENT/,
  /is not a function|Cannot read properties|undefined is/,
]

/** JSON-RPC 2.0, EIP-1474, ERC-7769, and those of this bundler; -32603 would be a fault of the program. */
const CODES = new Set([
  ...[-32700, -32600, -32601, -32602, -32000, -32005, -32011, -32012],
  ...[-32500, -32501, -32502, -32503, -32504, -32505, -32506, -32507, -32508, -32521],
])

export type Verdict = { secrets: readonly string[] }

/** @throws Error that says what is wrong with an answer. */
export function judge(status: number, text: string, { secrets }: Verdict): void {
  if (status >= 500) throw new Error(`status ${status}: ${text.slice(0, 300)}`)
  for (const pattern of INSIDE) {
    if (pattern.test(text))
      throw new Error(`it shows its inside (${pattern}): ${text.slice(0, 500)}`)
  }
  for (const secret of secrets) {
    if (text.includes(secret)) throw new Error(`it shows a secret: ${text.slice(0, 500)}`)
  }
  if (text === '' && (status === 204 || status >= 400)) return
  const parsed: unknown = JSON.parse(text)
  for (const answer of Array.isArray(parsed) ? parsed : [parsed]) judgeAnswer(answer)
}

function judgeAnswer(answer: unknown): void {
  const { jsonrpc, error, ...rest }: { jsonrpc?: unknown; error?: unknown } = Object(answer)
  const shown = JSON.stringify(answer)
  if (jsonrpc !== '2.0' || !('id' in rest)) throw new Error(`not JSON-RPC 2.0: ${shown}`)
  if (error === undefined) {
    if (!('result' in rest)) throw new Error(`neither result nor error: ${shown}`)
    return
  }
  const { code, message }: { code?: unknown; message?: unknown } = Object(error)
  if (typeof code !== 'number' || !CODES.has(code)) throw new Error(`code ${code}: ${shown}`)
  if (typeof message !== 'string' || message === '') throw new Error(`no message: ${shown}`)
}
