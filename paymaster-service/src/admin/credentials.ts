import { hashApiKey, matchesHash } from '../access/apiKey.ts'

/** Who may administer; the key is known by its hash only. */
export type Administrator = { name: string; keyHash: string }

/** Finds the administrator by `Authorization: Bearer …`. All are compared, whichever it is. */
export function findAdministrator(
  administrators: readonly Administrator[],
  authorization: string | undefined,
): Administrator | undefined {
  const key = authorization && /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (!key) return undefined
  return administrators.filter(({ keyHash }) => matchesHash(key, keyHash))[0]
}

/** A new key of an administrator, `fpa_<secret>`, with its hash. */
export function newAdminKey(random: (size: number) => Uint8Array): {
  key: string
  keyHash: string
} {
  const key = `fpa_${Buffer.from(random(32)).toString('base64url')}`
  return { key, keyHash: hashApiKey(key) }
}
