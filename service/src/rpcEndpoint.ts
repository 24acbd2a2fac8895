/**
 * Address and headers of a JSON-RPC endpoint: user and password of its URL become a header (RFC 7617), as `fetch` refuses
 * them in the URL.
 */
export function rpcEndpoint(url: string): { href: string; headers: Record<string, string> } {
  const parsed = new URL(url)
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  const { username, password } = parsed
  if (username !== '' || password !== '') {
    const login = [username, password].map(decodeURIComponent).join(':')
    headers.authorization = `Basic ${Buffer.from(login).toString('base64')}`
    parsed.username = ''
    parsed.password = ''
  }
  return { href: parsed.href, headers }
}
