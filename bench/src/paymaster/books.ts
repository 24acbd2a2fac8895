/** Accounts of the key's only policy, as GET /usage tells them. */
export async function readBooks(
  url: string,
  headers: Record<string, string>,
): Promise<{ operations: number; reservedWei: string }> {
  const response = await fetch(`${url}/usage`, { headers })
  const [usage] = (await response.json()) as { operations: number; reserved: string }[]
  if (!response.ok || !usage) throw new Error(`GET /usage answered ${response.status}`)
  return { operations: Number(usage.operations), reservedWei: usage.reserved }
}
