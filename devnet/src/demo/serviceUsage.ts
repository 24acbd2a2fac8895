import type { Hex } from 'viem'
import { z } from 'zod'

const amount = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt)

/** Of `GET /usage`: the account of the budget of an app's policy, wei. */
const accounts = z.tuple([
  z.object({
    policyId: z.string(),
    hash: z.templateLiteral(['0x', z.string()]),
    window: z.string(),
    resetsAt: z.number().nullable(),
    budget: amount,
    free: amount,
    reserved: amount,
    settled: amount,
  }),
])

/** Of `GET /admin/usage?by=app`. */
const report = z.object({
  groups: z.array(z.object({ app: z.string(), settled: z.number(), wei: amount })),
})

/** The budget of an app's only policy, as the paymaster service keeps it. Amounts in wei. */
export type AppAccount = {
  policyId: string
  /** keccak256 of the policy's document. */
  policyHash: Hex
  window: string
  /** Unix seconds at which the window starts over; `null` is never. */
  resetsAt: number | null
  budget: bigint
  free: bigint
  reserved: bigint
  settled: bigint
}

/** The usage API, with the app's own key. */
export async function readAppAccount(paymasterUrl: string, apiKey: string): Promise<AppAccount> {
  const [{ hash, ...account }] = accounts.parse(await get(`${paymasterUrl}/usage`, apiKey))
  return { ...account, policyHash: hash }
}

/** The admin API's report: operations that were charged for, and what they cost in wei, by app. */
export async function readUsageReport(paymasterUrl: string, adminKey: string) {
  const { groups } = report.parse(await get(`${paymasterUrl}/admin/usage?by=app`, adminKey))
  return groups
}

async function get(url: string, key: string): Promise<unknown> {
  const response = await fetch(url, { headers: { Authorization: `Bearer ${key}` } })
  if (!response.ok)
    throw new Error(`GET ${url}: HTTP status ${response.status}, ${await response.text()}`)
  return response.json()
}
