/** What the page's own server says against a request. */
export class ServerError extends Error {
  override name = 'ServerError'
}

/**
 * Asks the server that the page comes from.
 * @throws {ServerError} With what it says, when it refuses or does not answer.
 */
export async function askServer<answer>(path: string, body: object = {}): Promise<answer> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new ServerError('The server of this page does not answer.')
  })
  const answer: { error?: string } = await response.json()
  if (!response.ok) throw new ServerError(answer.error ?? `It answered with ${response.status}.`)
  return answer as answer
}
