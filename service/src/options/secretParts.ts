/** Shorter parts of a path are words such as `rpc`; keys are longer. */
const shortestKey = 8

/**
 * All that a key can hide in within a URL: user, password, path and query, also as they are decoded. Providers put
 * keys into any of them. Where the URL leads is no secret.
 */
export function secretPartsOf(url: URL): string[] {
  const { username, password, pathname, search, searchParams } = url
  const parts = [...pathname.split('/'), ...searchParams.values(), pathname + search, search]
  return [username, password, ...parts.filter((part) => part.length >= shortestKey)]
    .filter((part) => part !== '')
    .flatMap((part) => [part, decoded(part)])
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
